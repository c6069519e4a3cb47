/// Says whether an answer is right.
///
///     let grader = Grader()
///     grader.grade("x = 1/2", against: "$0.5$").isCorrect              // true
///     grader.grade("So it is $\\boxed{7}$.", against: "7", form: .text)  // equal: the same text
///
/// A verdict is a matter of the two strings alone: the same pair always gets the same one, in bounded time and memory.
public struct Grader: Sendable {
  var limits = Limits.standard

  public init() {}

  /// Compares a prediction with the gold answer.
  ///
  /// - Parameters:
  ///   - form: Whether the prediction is a bare answer or a whole output.
  ///   - isTruncated: Whether the caller knows that the thinking was cut off: then nothing in it is taken for an answer.
  public func grade(
    _ prediction: String, against gold: String, form: AnswerForm = .answer, isTruncated: Bool = false
  ) -> Verdict {
    if isTruncated { return Verdict(reason: .truncated, prediction: nil) }
    switch form {
    case .answer: return grade(answer: prediction, against: gold)
    case .text:
      switch AnswerExtraction.extract(from: prediction) {
      case .found(let answer, _): return grade(answer: answer, against: gold)
      case .nothing: return Verdict(reason: .noAnswer, prediction: nil)
      case .unfinishedThinking: return Verdict(reason: .truncated, prediction: nil)
      }
    case .raw:
      guard let answer = RawAnswer.answer(in: prediction) else { return Verdict(reason: .truncated, prediction: nil) }
      return grade(answer: answer, against: RawAnswer.answer(in: gold) ?? gold)
    }
  }

  private func grade(answer: String, against gold: String) -> Verdict {
    let gold = Solution.answer(in: gold) ?? gold
    guard answer.utf8.contains(where: { $0 > 32 }) else { return Verdict(reason: .noAnswer, prediction: nil) }
    return Verdict(reason: compare(answer, gold), prediction: String(answer.prefix(limits.characters)))
  }

  private func compare(_ prediction: String, _ gold: String) -> Verdict.Reason {
    if Self.isSame(prediction, gold) { return .equal(.sameText) }
    guard prediction.utf8.count <= limits.characters * 4, gold.utf8.count <= limits.characters * 4 else {
      return .unparsable
    }
    let first = Readings(of: prediction, limits: limits)
    let second = Readings(of: gold, limits: limits)
    let outcome = ReadingComparison(first, second, limits: limits).outcome()
    if let outcome, case .equal = outcome { return outcome }
    if let choice = first.choice, let other = second.choice, choice.agrees(with: other) { return .equal(.words) }
    if first.isLanguage || second.isLanguage,
      TextAnswer(first.text).says(TextAnswer(second.text))
    {
      return .equal(.words)
    }
    if let outcome { return outcome }
    return first.isLanguage && second.isLanguage ? .different(.words) : .unparsable
  }

  /// Whether the texts differ in nothing but spaces and dollar signs.
  private static func isSame(_ a: String, _ b: String) -> Bool {
    func isInk(_ byte: UInt8) -> Bool { byte > 32 && byte != UInt8(ascii: "$") }
    return a.utf8.lazy.filter(isInk).elementsEqual(b.utf8.lazy.filter(isInk))
  }
}
