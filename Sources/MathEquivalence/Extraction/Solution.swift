/// A gold answer that is a whole solution, as in GSM8K's own file, where `####` announces the answer, and in MATH's,
/// where a box holds it.
enum Solution {
  /// The answer of the solution; nil when the text is no solution, but an answer already.
  static func answer(in gold: String) -> String? {
    if Substring(gold).utf8.firstRange(of: "####") != nil { return HashedAnswers.first(in: gold) }
    if Substring(gold).utf8.firstRange(of: "\\boxed{") != nil { return BoxedAnswers.last(in: gold) }
    return nil
  }

  /// Whether the text should announce its answer at its end. If no answer is found there, it has none.
  static func isSolution(_ gold: String) -> Bool { Substring(gold).utf8.firstRange(of: "####") != nil }
}
