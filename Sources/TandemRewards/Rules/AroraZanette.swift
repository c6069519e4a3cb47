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
  package static let formula = "1[correct] * (1 - alpha * sigmoid((L - mean) / std)), over the right answers"
  package static let comparesGroup = true

  /// α
  package var lengthWeight = 0.4

  package init() {}

  package func rewards(of group: [RewardOutcome], _ context: RewardContext) -> [Reward] {
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

  package static let python = """
    right = [outcome for outcome in group if outcome.is_correct]
    mean = mean_length(right)
    variance = sum((outcome.length - mean) * (outcome.length - mean) for outcome in right)
    deviation = math.sqrt(variance / max(len(right), 1))
    found = []
    for outcome in group:
        distance = (outcome.length - mean) / deviation if deviation > 0 else 0
        found.append((1, -LENGTH_WEIGHT / (1 + math.exp(-distance))) if outcome.is_correct else (0, 0))
    return found
    """
}
