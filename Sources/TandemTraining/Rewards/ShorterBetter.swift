/// ShorterBetter (arXiv:2504.21370): r = α · 1[correct] − β · |L − SOL|, where SOL is the shortest right length of the
/// prompt, or the mean length where none is right.
///
/// β is per token, and was chosen for completions of up to 5,000. A wrong answer is drawn to SOL as well.
package struct ShorterBetter: LengthReward {
  package static let name = "shorter-better"

  /// α
  package var accuracyWeight = 2.0
  /// β
  package var lengthWeight = 0.001

  package init() {}

  package func rewards(of group: [Outcome], _ context: RewardContext) -> [Reward] {
    let shortest = group.filter(\.isCorrect).map { Double($0.length) }.min() ?? group.meanLength
    return group.map { outcome in
      Reward(
        accuracy: outcome.isCorrect ? accuracyWeight : 0,
        length: -lengthWeight * abs(Double(outcome.length) - shortest))
    }
  }
}
