/// Answers that a phrase announces: "The final answer is", "ANSWER:", "答案：".
enum AnnouncedAnswers {
  static func last(in output: String) -> String? {
    let bytes = Array(output.utf8)
    for place in Announcements.places(in: bytes).compactMap(\.self) {
      if let answer = answer(in: Self.text(bytes, from: place)) { return answer }
    }
    return nil
  }

  /// What "final answer is" announces, when it stands after the last box.
  static func finalAnswerAfterBoxes(in output: String) -> String? {
    guard let box = Substring(output).utf8.lastRange(of: "\\boxed") else { return nil }
    let start = output.utf8.distance(from: output.startIndex, to: box.lowerBound)
    let bytes = Array(output.utf8)
    guard let place = Announcements.places(in: bytes)[0], place > start else { return nil }
    let rest = text(bytes, from: place)
    // Several formulas are a list that the box has whole.
    return rest.prefix { !$0.isNewline }.utf8.count { $0 == UInt8(ascii: "$") } > 2 ? nil : answer(in: rest)
  }

  private static func text(_ bytes: [UInt8], from place: Int) -> Substring {
    Substring(String(decoding: bytes[place...].prefix(2_000), as: UTF8.self))
  }

  /// The option, the formulas or the number of the sentence after the phrase, or the short sentence itself.
  static func answer(in rest: Substring) -> String? {
    var sentence = rest.prefix { !$0.isNewline }
    if sentence.allSatisfy({ $0.isWhitespace || "*:：_".contains($0) }) {
      sentence = rest.drop { $0.isWhitespace || "*:：_#".contains($0) }.prefix { !$0.isNewline }
    }
    if let stop = sentence.utf8.firstRange(of: "I hope it is correct") { sentence = sentence[..<stop.lowerBound] }
    if let option = option(sentence.withoutMarkup) { return option }
    if let formulas = Formulas.lastGroup(in: sentence) { return formulas }
    sentence = Substring(withoutRemarks(sentence))
    for stop in [". ", "。"] {
      if let range = sentence.utf8.firstRange(of: stop) { sentence = sentence[..<range.lowerBound] }
    }
    let statement = String(sentence)
    // In scripts without spaces between words, each character counts.
    let words = statement.split(separator: " ").count + statement.unicodeScalars.count { $0.properties.isIdeographic }
    if words <= 3 || isFormula(sentence) { return clean(sentence) }
    if let sum = NumberSearch(statement).onlySum { return sum }
    return LastNumber.last(in: statement) ?? clean(sentence)
  }

  /// The option that is named, if a reason or nothing follows: "(B), since (A) fails", "C."
  static func option(_ text: Substring) -> String? {
    let isBracketed = text.first == "(" || text.first == "（"
    let inner = isBracketed ? text.dropFirst() : text
    guard let letter = inner.first, ("A"..."J").contains(letter) else { return nil }
    var rest = inner.dropFirst()
    if isBracketed {
      guard rest.first == ")" || rest.first == "）" else { return nil }
      rest.removeFirst()
    }
    guard let next = rest.first(where: { $0 != "*" }) else { return String(letter) }
    if ",.;:)，。；：）（".contains(next) {
      // "A, C" chooses two.
      let after = rest.dropFirst().drop { $0.isWhitespace || $0 == "(" }.prefix(2)
      return after.first?.isUppercase == true && after.dropFirst().first?.isLetter != true ? nil : String(letter)
    }
    let word = rest.drop(while: \.isWhitespace).prefix(while: \.isLetter)
    return ["because", "since", "as", "for", "which"].contains(word) ? String(letter) : nil
  }

  /// Whether there is nothing but mathematics in it: "x = 5 or x = -2", "[1, 2, 3]", "20 \div 4".
  private static func isFormula(_ sentence: Substring) -> Bool {
    let bare = sentence.replacing(/\\[A-Za-z]+/, with: "")
    let words = bare.split { !$0.isLetter }
    return sentence.contains { "=<>≤≥≦≧≠∈|{}[]\\^:⋅·×÷*/".contains($0) }
      && words.allSatisfy { $0.count == 1 || ["and", "or"].contains($0) }
  }

  /// The sentence without what stands in brackets beside its number: "17 (see step 3)".
  private static func withoutRemarks(_ sentence: Substring) -> String {
    var kept = ""
    var remark = ""
    var depth = 0
    for character in sentence {
      if "(（[".contains(character) { depth += 1 }
      if depth == 0 { kept.append(character) } else { remark.append(character) }
      guard depth > 0, ")）]".contains(character) else { continue }
      depth -= 1
      guard depth == 0 else { continue }
      if !isRemark(remark) { kept += remark }
      remark = ""
    }
    return kept + remark
  }

  /// Words in brackets are a remark; `(2, 3)` and `f(x)` are none.
  private static func isRemark(_ text: String) -> Bool {
    !text.contains("\\") && text.split { !$0.isLetter }.contains { $0.count > 2 || $0.contains { !$0.isASCII } }
  }

  static func clean(_ text: Substring) -> String? {
    let text = text.withoutMarkup
    return text.isEmpty ? nil : String(text)
  }
}

// MARK: Labels

extension AnnouncedAnswers {
  private static let labels: Set<String> = [
    "answer", "final answer", "the answer", "the final answer", "result", "final result", "the result", "antwort",
    "réponse", "respuesta", "risposta", "resposta", "ответ", "答案", "最终答案", "答え",
  ]

  /// Whether a heading says that the answer follows.
  static func isLabel(_ heading: Substring) -> Bool { labels.contains(heading.withoutMarkup.lowercased()) }

  /// The answer in a line such as "Final Answer: 42".
  static func afterLabel(_ line: Substring) -> String? {
    guard let colon = line.firstIndex(where: { $0 == ":" || $0 == "：" }), isLabel(line[..<colon]) else { return nil }
    return answer(in: line[colon...].dropFirst())
  }

  /// The answer in a line such as "The answer is 42".
  static func ofStatement(_ line: Substring) -> String? {
    let bytes = Array(line.utf8)
    guard let place = Announcements.places(in: bytes).prefix(4).compactMap(\.self).first else { return nil }
    return answer(in: text(bytes, from: place))
  }
}
