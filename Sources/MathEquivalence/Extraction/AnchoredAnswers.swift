/// Answers that a phrase announces.
enum AnchoredAnswers {
  static func afterHashes(in output: String) -> String? {
    let text = Substring(output)
    guard let range = text.utf8.lastRange(of: "####") else { return nil }
    let line = text[range.upperBound...].prefix { !$0.isNewline }
    return clean(line)
  }

  /// The phrases, the most telling first.
  private static let phrases = [
    "final answer is", "final answer:", "answer is:", "answer is", "answer:", "\nA:", "result is",
  ]

  static func afterPhrase(in output: String) -> String? {
    let text = Substring(output)
    for phrase in phrases {
      guard let range = lastRange(of: phrase, in: text) else { continue }
      let rest = text[range.upperBound...].prefix(2_000)
      if let answer = answer(in: rest) { return answer }
    }
    return nil
  }

  /// What "final answer is" announces, when it stands after the last box.
  static func finalAnswerAfterBoxes(in output: String) -> String? {
    let text = Substring(output)
    guard let box = text.utf8.lastRange(of: "\\boxed"), let phrase = lastRange(of: "final answer is", in: text),
      phrase.lowerBound > box.lowerBound
    else { return nil }
    let rest = text[phrase.upperBound...].prefix(2_000)
    // Several formulas are a list that the box has whole.
    return rest.prefix { !$0.isNewline }.utf8.count { $0 == UInt8(ascii: "$") } > 2 ? nil : answer(in: rest)
  }

  /// The phrase as written or with a capital.
  private static func lastRange(of phrase: String, in text: Substring) -> Range<Substring.Index>? {
    let capital = phrase.prefix(1).uppercased() + phrase.dropFirst()
    let found = [phrase, capital].compactMap { text.utf8.lastRange(of: $0) }
    if phrase == "final answer:", let range = text.utf8.lastRange(of: "Final Answer:") { return range }
    return found.max { $0.lowerBound < $1.lowerBound }
  }

  /// The formula or the number of the sentence after the phrase, or the short sentence itself.
  private static func answer(in rest: Substring) -> String? {
    var sentence = rest.prefix { !$0.isNewline }
    if sentence.allSatisfy({ $0.isWhitespace || $0 == "*" || $0 == ":" }) {
      sentence = rest.drop { $0.isWhitespace || $0 == "*" || $0 == ":" }.prefix { !$0.isNewline }
    }
    if let stop = sentence.utf8.firstRange(of: "I hope it is correct") { sentence = sentence[..<stop.lowerBound] }
    if let formula = Formulas.ranges(in: sentence).last(where: { !Formulas.isName($0) }) { return formula }
    if let stop = sentence.utf8.firstRange(of: ". ") { sentence = sentence[..<stop.lowerBound] }
    let words = sentence.split(separator: " ")
    if words.count <= 3 { return clean(sentence) }
    return LastNumber.last(in: String(sentence)) ?? clean(sentence)
  }

  private static func clean(_ text: Substring) -> String? {
    var text = text
    while let first = text.first, first.isWhitespace || first == ":" || first == "*" { text.removeFirst() }
    while let last = text.last, last.isWhitespace || last == "." || last == "*" { text.removeLast() }
    return text.isEmpty ? nil : String(text)
  }
}
