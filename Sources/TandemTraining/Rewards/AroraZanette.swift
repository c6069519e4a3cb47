#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Arora and Zanette (arXiv:2502.04463, 3): r = 1[correct] · (1 − α · σ((L − mean) / std)), mean and standard deviation
/// over the right answers of the prompt.
///
/// One right answer, or several of one length, stand at σ(0) = 1/2.
package struct AroraZanette: LengthReward {
  package static let name = "arora-zanette"

  /// α
  package var lengthWeight = 0.4

  package init() {}

  package func rewards(of group: [Outcome], _ context: RewardContext) -> [Reward] {
    let right = group.filter(\.isCorrect)
    let mean = right.meanLength
    let variance = right.reduce(0) { $0 + (Double($1.length) - mean) * (Double($1.length) - mean) }
    let deviation = (variance / Double(max(right.count, 1))).squareRoot()
    return group.map { outcome in
      guard outcome.isCorrect else { return Reward(accuracy: 0, length: 0) }
      let distance = deviation > 0 ? (Double(outcome.length) - mean) / deviation : 0
      return Reward(accuracy: 1, length: -lengthWeight / (1 + exp(-distance)))
    }
  }
}
