#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// OREAL (arXiv:2502.06781): what is learnt from right and from wrong completions differs.
///
/// The advantage of a completion is its reward minus the mean of the others of its group (`AdvantageRule.Scale.leaveOneOut`).
/// For a token with advantage A:
/// - of a better completion than the others: -A ln π, behaviour cloning, because the best of n samples are already those of
///   the optimal policy
/// - of a worse one: -λ A π / π_old, the policy gradient
///
/// The authors' weights of tokens, by a reward model of tokens that is trained along with the policy, are not here: all tokens of
/// a completion count the same.
package struct OREAL: Sendable, Hashable, Codable {
  /// λ: how much worse completions count; 0.5 in the released code.
  package var negativeWeight: Float
  /// Whether one right and one wrong completion of each prompt are kept, as in the released code, or all.
  package var keepsOnePair: Bool
  /// Whether prompts are repeated by their pass rate.
  package var repeats: Bool

  package init(negativeWeight: Float = 0.5, keepsOnePair: Bool = true, repeats: Bool = true) {
    (self.negativeWeight, self.keepsOnePair, self.repeats) = (negativeWeight, keepsOnePair, repeats)
  }

  /// How often a prompt is there, by the share of right completions: the released code's table. There the rate is measured
  /// before training and the data has the prompt so often; here it is the group's own, and its completions count so often.
  package static func repeats(passRate: Double) -> Int {
    switch passRate {
    case ..<0.2: 6
    case ..<0.6: 4
    case ..<0.8: 2
    default: 1
    }
  }

  /// The places of the completions of a group that are learnt from: the first right one and the first wrong one, which are
  /// any two of them since all were drawn in the same way.
  func kept(_ isRight: [Bool]) -> [Int] {
    guard keepsOnePair else { return Array(isRight.indices) }
    return [isRight.firstIndex(of: true), isRight.firstIndex(of: false)].compactMap(\.self).sorted()
  }

  /// The loss of one token, from log-probabilities. What `Llama.loss(of:by:)` is tested against.
  package func loss(_ now: Double, old: Double, advantage: Double) -> Double {
    advantage > 0 ? -advantage * now : -Double(negativeWeight) * advantage * exp(now - old)
  }

  /// Throws `invalidOption` if λ makes no sense.
  func validate() throws(TrainingError) {
    guard (0...1000).contains(negativeWeight) else {
      throw .invalidOption(name: "negativeWeight", reason: "must be from 0 to 1000, not \(negativeWeight)")
    }
  }
}
