/// LASER (arXiv:2505.15612): a bonus for a right answer within a target length.
///
/// 1 for a right answer, −0.5 for a wrong one, −1 for one that is cut; 0.5 more where it is right and L ≤ L_T.
package struct Laser: LengthReward {
  package static let name = "laser"

  /// L_T, as a share of the limit: 4,096 of 16,384 tokens in the paper's middle setting.
  package var target = 0.25
  package var bonus = 0.5

  package init() {}

  package func rewards(of group: [Outcome], _ context: RewardContext) -> [Reward] {
    group.map { outcome in
      let isShort = Double(outcome.length) <= target * Double(context.limit)
      return Reward(accuracy: Self.accuracy(outcome), length: outcome.isCorrect && isShort ? bonus : 0)
    }
  }

  static func accuracy(_ outcome: Outcome) -> Double { outcome.isCut ? -1 : outcome.isCorrect ? 1 : -0.5 }
}
