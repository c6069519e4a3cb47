/// DAPO's soft overlong punishment (arXiv:2503.14476, eq. 13): none up to L_max − L_cache, then linear down to −1 at L_max.
///
/// A right answer earns 1, a wrong one −1, as in that paper (eq. 7).
package struct SoftOverlong: LengthReward {
  package static let name = "soft-overlong"
  package static let formula = "1 or -1, less a penalty that grows from 0 at L_max - L_cache to 1 at L_max"
  package static let comparesGroup = false

  /// L_cache, as a share of the limit: 4,096 of 20,480 tokens.
  package var cache = 0.2

  package init() {}

  package func rewards(of group: [RewardOutcome], _ context: RewardContext) -> [Reward] {
    let limit = Double(context.limit)
    return group.map { outcome in
      let excess = Double(outcome.length) - (1 - cache) * limit
      return Reward(accuracy: outcome.isCorrect ? 1 : -1, length: -min(max(excess / (cache * limit), 0), 1))
    }
  }

  package static let python = """
    found = []
    for outcome in group:
        excess = outcome.length - (1 - CACHE) * context.limit
        penalty = min(max(excess / (CACHE * context.limit), 0), 1)
        found.append((1 if outcome.is_correct else -1, -penalty))
    return found
    """
}
