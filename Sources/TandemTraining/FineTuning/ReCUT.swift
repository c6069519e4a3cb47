import TandemInference
import TandemTasks

/// The preference pairs of ReCUT (arXiv:2506.10822), from trails of long and short thinking about each problem: two sets, for two
/// models that are trained by DPO and then merged by DARE-TIES.
///
/// The chosen answer of a problem is its shortest right one, in both sets:
/// - for accuracy, it is preferred to a wrong one
/// - for length, to a longer right one
///
/// Which one is rejected is drawn at random, as in the released code. That code takes the shortest of the wrong answers and
/// the chosen one for the better answer of an accuracy pair, which is a wrong one if that is shorter; here a wrong answer is never
/// preferred.
package struct ReCUT: Sendable, Hashable {
  package var seed: UInt64

  package init(seed: UInt64 = 1) { self.seed = seed }

  /// The two sets of pairs, in the order of the problems; a problem that lacks either answer has no pair.
  package func pairs(_ problems: [DraftedProblem]) -> (accuracy: [AnswerPair], length: [AnswerPair]) {
    var (accuracy, length): ([AnswerPair], [AnswerPair]) = ([], [])
    var draws = SplitMix64(seed: seed)
    for problem in DraftedProblem.joined(problems) {
      let right = problem.drafts.filter(\.isGood)
      guard let best = right.min(by: { $0.tokenCount < $1.tokenCount }) else { continue }
      func pair(over rejected: DraftedProblem.Draft) -> AnswerPair {
        AnswerPair([Message(.user, problem.question)], chosen: best.message, rejected: rejected.message)
      }
      let wrong = problem.drafts.filter { $0.isComplete && !$0.isRight && $0.answer != nil }
      if let rejected = draws.pick(wrong) { accuracy.append(pair(over: rejected)) }
      let longer = right.filter { $0.tokenCount > best.tokenCount }
      if let rejected = draws.pick(longer) { length.append(pair(over: rejected)) }
    }
    return (accuracy, length)
  }
}
