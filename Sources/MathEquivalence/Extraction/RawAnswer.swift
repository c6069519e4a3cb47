/// The answer of a string that may be an answer already, or a whole output.
enum RawAnswer {
  static func answer(in text: String) -> String? {
    guard let phase = Transcript.answerPhase(of: text) else { return nil }
    if let announced = AnnouncedAnswers.finalAnswerAfterBoxes(in: phase) { return announced }
    if let boxed = BoxedAnswers.last(in: phase) ?? BoxedAnswers.unclosed(in: phase) { return boxed }
    if isBare(phase) { return phase }
    let policies: [AnswerExtraction] = [.hashes, .answerIs, .lastFormula, .lastNumber]
    return policies.lazy.compactMap { $0.answer(in: phase) }.first ?? phase
  }

  /// Whether the string is one formula, or has no sentence around its value.
  static func isBare(_ text: String) -> Bool {
    let trimmed = text.split(separator: " ").joined(separator: " ")
    let formulas = Formulas.ranges(in: trimmed[...])
    if formulas.isEmpty {
      let words = trimmed.split(separator: " ").count { $0.count > 1 && $0.allSatisfy(\.isLetter) }
      return words < 4 && (try? Parser.parse(trimmed)) != nil
    }
    let ink = formulas.reduce(0) { $0 + $1.utf8.count }
    return ink + 12 >= trimmed.utf8.count
  }
}
