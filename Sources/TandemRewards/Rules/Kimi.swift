/// Kimi k1.5 (arXiv:2501.12599, 2.3.3): with λ = 0.5 − (L − L_min) / (L_max − L_min) over all completions of the prompt, a right
/// answer earns λ on top, a wrong one min(0, λ); nothing if all have the same length.
package struct Kimi: LengthReward {
  package static let name = "kimi"
  package static let formula =
    "1[correct] + weight * l, l = 0.5 - (L - L_min) / (L_max - L_min), at most 0 if it is wrong"
  package static let comparesGroup = true

  /// What λ is weighted with; 0.4 in LASER's code (arXiv:2505.15612), which has it as a baseline.
  package var lengthWeight = 0.4

  package init() {}

  package func rewards(of group: [RewardOutcome], _ context: RewardContext) -> [Reward] {
    let lengths = group.map { Double($0.length) }
    let (shortest, longest) = (lengths.min() ?? 0, lengths.max() ?? 0)
    return group.map { outcome in
      let lambda = longest > shortest ? 0.5 - (Double(outcome.length) - shortest) / (longest - shortest) : 0
      return Reward(
        accuracy: outcome.isCorrect ? 1 : 0, length: lengthWeight * (outcome.isCorrect ? lambda : min(0, lambda)))
    }
  }

  package static let python = """
    lengths = [outcome.length for outcome in group]
    shortest, longest = min(lengths, default=0), max(lengths, default=0)
    found = []
    for outcome in group:
        advantage = 0.5 - (outcome.length - shortest) / (longest - shortest) if longest > shortest else 0
        found.append((float(outcome.is_correct), LENGTH_WEIGHT * (advantage if outcome.is_correct else min(0, advantage))))
    return found
    """
}
