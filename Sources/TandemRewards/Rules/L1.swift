/// L1 with an exact length (LCPO-Exact, arXiv:2503.04697, 3): r = 1[correct] − α · |n_gold − L|.
///
/// α is per token, and was chosen for budgets of up to 4,000.
package struct L1Exact: LengthReward {
  package static let name = "l1-exact"
  package static let formula = "1[correct] - alpha * |n_gold - L|"
  package static let comparesGroup = false

  /// α
  package var slope = 0.0003

  package init() {}

  package func rewards(of group: [RewardOutcome], _ context: RewardContext) throws(RewardError) -> [Reward] {
    let budget = try context.require(context.budget, "a budget of tokens in the prompt", for: Self.name)
    return group.map { outcome in
      Reward(accuracy: outcome.isCorrect ? 1 : 0, length: -slope * abs(Double(budget) - Double(outcome.length)))
    }
  }

  package static let python = """
    budget = require(context.budget, "a budget of tokens in the prompt")
    return [(float(outcome.is_correct), -SLOPE * abs(budget - outcome.length)) for outcome in group]
    """
}

/// L1 with a maximum length (LCPO-Max, arXiv:2503.04697, 3): r = 1[correct] · clip(α · (n_gold − L) + δ, 0, 1).
package struct L1Max: LengthReward {
  package static let name = "l1-max"
  package static let formula = "1[correct] * clip(alpha * (n_gold - L) + delta, 0, 1)"
  package static let comparesGroup = false

  /// α
  package var slope = 0.0003
  /// δ: a right answer of just the budget's length still earns this.
  package var offset = 0.5

  package init() {}

  package init(slope: Double, offset: Double = 0.5) {
    self.slope = slope
    self.offset = offset
  }

  package func rewards(of group: [RewardOutcome], _ context: RewardContext) throws(RewardError) -> [Reward] {
    let budget = try context.require(context.budget, "a budget of tokens in the prompt", for: Self.name)
    return group.map { outcome in
      guard outcome.isCorrect else { return Reward(accuracy: 0, length: 0) }
      let room = Double(budget) - Double(outcome.length)
      return Reward(accuracy: 1, length: min(max(slope * room + offset, 0), 1) - 1)
    }
  }

  package static let python = """
    budget = require(context.budget, "a budget of tokens in the prompt")
    return [
        (1, min(max(SLOPE * (budget - outcome.length) + OFFSET, 0), 1) - 1) if outcome.is_correct else (0, 0)
        for outcome in group
    ]
    """
}
