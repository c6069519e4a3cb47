/// ShorterBetter (arXiv:2504.21370): r = α · 1[correct] − β · |L − SOL|, where SOL is the shortest right length of the
/// prompt, or the mean length if none is right.
///
/// β is per token, and was chosen for completions of up to 5,000. A wrong answer is drawn to SOL as well.
package struct ShorterBetter: LengthReward {
  package static let name = "shorter-better"
  package static let formula = "alpha * 1[correct] - beta * |L - the shortest right length, or else the mean length|"
  package static let comparesGroup = true

  /// α
  package var accuracyWeight = 2.0
  /// β
  package var lengthWeight = 0.001

  package init() {}

  package func rewards(of group: [RewardOutcome], _ context: RewardContext) -> [Reward] {
    let shortest = group.filter(\.isCorrect).map { Double($0.length) }.min() ?? group.meanLength
    return group.map { outcome in
      Reward(
        accuracy: outcome.isCorrect ? accuracyWeight : 0,
        length: -lengthWeight * abs(Double(outcome.length) - shortest))
    }
  }

  package static let python = """
    shortest = min((outcome.length for outcome in group if outcome.is_correct), default=mean_length(group))
    return [
        (ACCURACY_WEIGHT if outcome.is_correct else 0, -LENGTH_WEIGHT * abs(outcome.length - shortest))
        for outcome in group
    ]
    """
}
