/// Decides whether an answer is right.
///
///     let grader = Grader()
///     grader.grade("x = 1/2", against: "$0.5$").isCorrect              // true
///     grader.grade("So it is $\\boxed{7}$.", against: "7", form: .text)  // equal: the same text
///
/// A verdict depends only on the two strings: the same pair always gets the same verdict, in bounded time and memory.
public struct Grader: Sendable {
  var limits = Limits.standard

  /// Creates a grader. Graders have no state: one can be shared by all tasks.
  public init() {}

  /// Compares a prediction with the gold answer.
  ///
  /// - Parameters:
  ///   - form: Whether the prediction is a bare answer or a whole output.
  ///   - isTruncated: Whether the thinking was cut off. If it was, no answer is taken from the output.
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

  /// Whether predictions can be compared with a gold answer: it is mathematics, or words.
  ///
  /// Check gold answers when you load problems, and reject a problem whose gold answer cannot be read: no prediction
  /// could be right.
  public func canRead(_ gold: String) -> Bool {
    let gold = statedAnswer(gold)
    guard Self.hasInk(gold), gold.utf8.count <= limits.characters * 4, !Solution.isSolution(gold) else { return false }
    let readings = Readings(of: gold, limits: limits)
    return readings.isLanguage || readings.isRow || !readings.expressions.isEmpty || readings.choice != nil
  }

  /// The answer that a gold solution states behind `####` or in a box; any other gold answer is returned unchanged.
  public func statedAnswer(_ gold: String) -> String { Solution.answer(in: gold) ?? gold }

  private static func hasInk(_ text: String) -> Bool { text.utf8.contains { $0 > 32 } }

  private func grade(answer: String, against gold: String) -> Verdict {
    let gold = statedAnswer(gold)
    guard Self.hasInk(answer) else { return Verdict(reason: .noAnswer, prediction: nil) }
    return Verdict(reason: compare(answer, gold), prediction: String(answer.prefix(limits.characters)))
  }

  private func compare(_ prediction: String, _ gold: String) -> Verdict.Reason {
    if Self.isSame(prediction, gold) { return .equal(.sameText) }
    guard Self.hasInk(gold), gold.utf8.count <= limits.characters * 4 else { return .unreadableGold }
    guard prediction.utf8.count <= limits.characters * 4 else { return .unparsable }
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
    if first.isLanguage && second.isLanguage { return .different(.words) }
    return second.isLanguage || second.isRow || !second.expressions.isEmpty ? .unparsable : .unreadableGold
  }

  /// Whether the texts differ in nothing but dollar signs and spaces, of which one between digits counts.
  private static func isSame(_ a: String, _ b: String) -> Bool {
    func isInk(_ byte: UInt8) -> Bool { byte > 32 && byte != UInt8(ascii: "$") }
    guard a.utf8.lazy.filter(isInk).elementsEqual(b.utf8.lazy.filter(isInk)) else { return false }
    return digitRuns(a) == digitRuns(b)
  }

  /// How many runs of digits spaces part.
  private static func digitRuns(_ text: String) -> Int {
    var (runs, isInRun) = (0, false)
    for byte in text.utf8 where byte != UInt8(ascii: "$") {
      let isDigit = byte >= 48 && byte <= 57
      if isDigit, !isInRun { runs += 1 }
      isInRun = isDigit
    }
    return runs
  }
}
