/// L1 with an exact length (LCPO-Exact, arXiv:2503.04697, 3): r = 1[correct] − α · |n_gold − L|.
///
/// α is per token, and was chosen for budgets of up to 4,000.
package struct L1Exact: LengthReward {
  package static let name = "l1-exact"

  /// α
  package var slope = 0.0003

  package init() {}

  package func rewards(of group: [Outcome], _ context: RewardContext) throws(TrainingError) -> [Reward] {
    let budget = try context.require(context.budget, "a budget of tokens in the prompt", for: Self.name)
    return group.map { outcome in
      Reward(accuracy: outcome.isCorrect ? 1 : 0, length: -slope * abs(Double(budget) - Double(outcome.length)))
    }
  }
}

/// L1 with a maximum length (LCPO-Max, arXiv:2503.04697, 3): r = 1[correct] · clip(α · (n_gold − L) + δ, 0, 1).
package struct L1Max: LengthReward {
  package static let name = "l1-max"

  /// α
  package var slope = 0.0003
  /// δ: a right answer of just the budget's length still earns this.
  package var offset = 0.5

  package init() {}

  package init(slope: Double, offset: Double = 0.5) {
    self.slope = slope
    self.offset = offset
  }

  package func rewards(of group: [Outcome], _ context: RewardContext) throws(TrainingError) -> [Reward] {
    let budget = try context.require(context.budget, "a budget of tokens in the prompt", for: Self.name)
    return group.map { outcome in
      guard outcome.isCorrect else { return Reward(accuracy: 0, length: 0) }
      let room = Double(budget) - Double(outcome.length)
      return Reward(accuracy: 1, length: min(max(slope * room + offset, 0), 1) - 1)
    }
  }
}
