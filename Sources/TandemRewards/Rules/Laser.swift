/// LASER (arXiv:2505.15612): a bonus for a right answer within a target length.
///
/// 1 for a right answer, −0.5 for a wrong one, −1 for one that is cut; 0.5 more if it is right and L ≤ L_T.
package struct Laser: LengthReward {
  package static let name = "laser"
  package static let formula = "1, -0.5 if it is wrong, -1 if it is cut; a bonus if it is right and L <= L_T"
  package static let comparesGroup = false

  /// L_T, as a share of the limit: 4,096 of 16,384 tokens in the paper's middle setting.
  package var target = 0.25
  package var bonus = 0.5

  package init() {}

  package func rewards(of group: [RewardOutcome], _ context: RewardContext) -> [Reward] {
    group.map { outcome in
      let isShort = Double(outcome.length) <= target * Double(context.limit)
      return Reward(accuracy: Self.accuracy(outcome), length: outcome.isCorrect && isShort ? bonus : 0)
    }
  }

  static func accuracy(_ outcome: RewardOutcome) -> Double { outcome.isCut ? -1 : outcome.isCorrect ? 1 : -0.5 }

  package static let python = """
    found = []
    for outcome in group:
        is_short = outcome.length <= TARGET * context.limit
        found.append((\(pythonAccuracy), BONUS if outcome.is_correct and is_short else 0))
    return found
    """

  static let pythonAccuracy = "-1 if outcome.is_cut else 1 if outcome.is_correct else -0.5"
}
