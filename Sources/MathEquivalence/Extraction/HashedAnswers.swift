/// The answer behind `####`, as GSM8K's solutions end; the same sign opens a heading in Markdown.
enum HashedAnswers {
  /// The first one that is no heading: GSM8K's own scorer, too, leaves out what a model makes up after its answer.
  static func first(in output: String) -> String? {
    var rest = Substring(output)
    for _ in 0..<largestCount {
      guard let range = rest.utf8.firstRange(of: "####") else { return nil }
      let line = rest[range.upperBound...].drop { $0 == "#" }.prefix { !$0.isNewline }
      let below = rest[line.endIndex...]
      if let answer = answer(line, below: below) { return answer }
      rest = below
    }
    return nil
  }

  /// A text of more headings than this is no solution.
  private static let largestCount = 500

  private static func answer(_ line: Substring, below: Substring) -> String? {
    let content = line.withoutMarkup
    guard let first = content.unicodeScalars.first else { return announced(below) }
    if AnnouncedAnswers.isLabel(content) { return announced(below) }
    if let answer = AnnouncedAnswers.afterLabel(content) ?? AnnouncedAnswers.ofStatement(content) { return answer }
    if startsValue(first), !isNumberedHeading(content) { return String(content) }
    if isChoiceOrTruth(content) { return String(content) }
    // A heading has something below it.
    let isLast = !below.contains { !$0.isWhitespace && $0 != "*" && $0 != "#" }
    let name = content.lowercased().hasPrefix("option ") ? content.dropFirst(7) : content
    if isLast, AnnouncedAnswers.option(name) != nil { return String(content) }
    return isLast && !content.contains(":") ? String(content) : nil
  }

  /// The line below a heading that announces the answer.
  private static func announced(_ below: Substring) -> String? {
    let text = below.drop(while: \.isWhitespace)
    guard !text.hasPrefix("#") else { return nil }
    return AnnouncedAnswers.answer(in: text)
  }

  private static func startsValue(_ first: Unicode.Scalar) -> Bool {
    first.properties.numericType != nil || "+-−–‑.$\\(€£¥₹{[√π|".unicodeScalars.contains(first)
  }

  /// "1. Setting up" and "2) Solving"
  private static func isNumberedHeading(_ line: Substring) -> Bool {
    let rest = line.drop(while: \.isNumber)
    guard rest.count < line.count, let mark = rest.first, mark == "." || mark == ")" else { return false }
    let title = rest.dropFirst()
    return title.first?.isWhitespace == true && title.contains { $0.isLetter }
  }

  private static func isChoiceOrTruth(_ line: Substring) -> Bool {
    let word = line.lowercased()
    return ["yes", "no", "true", "false"].contains(word) || (line.count == 1 && line.first?.isUppercase == true)
  }
}

extension Character {
  /// A space or the end of a line; a tab may be what an escape has left of `\text`.
  var isBlank: Bool { isWhitespace && self != "\t" && self != "\u{C}" && self != "\r" }
}

extension Substring {
  /// Without spaces, colons, emphasis and full stops at its ends.
  var withoutMarkup: Substring {
    var text = self
    while let first = text.first, first.isBlank || ":：*_`#".contains(first) { text.removeFirst() }
    while let last = text.last, last.isBlank || ".。*_`".contains(last) { text.removeLast() }
    return text
  }
}
