#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// AALC (arXiv:2506.20160): length counts only as the accuracy on a validation set nears its target.
///
/// r = (0.9 + 0.1 (1 − a)) · 1[correct] + α · (1 − min(a^β, min(1, L / L_max))), a = A_validation / A_target.
///
/// Two faults of the released code are not repeated. It reads `validataion_acc`, a name that does not exist, and fails.
/// Its α is 1e-6, so small that length matters only where all answers of a group are alike, through the division by
/// their standard deviation: the α here is ours.
package struct AALC: LengthReward {
  package static let name = "aalc"
  package static let formula =
    "(0.9 + 0.1 (1 - a)) * 1[correct] + alpha * (1 - min(a^beta, L / L_max)), a = A_validation / A_target"
  package static let comparesGroup = false
  package static let needs: Set<RewardStatistic> = [.validationAccuracy]

  /// A_target
  package var targetAccuracy = 0.6
  /// α
  package var lengthWeight = 0.1
  /// β
  package var sharpness = 128.0

  package init() {}

  package func rewards(of group: [RewardOutcome], _ context: RewardContext) throws(RewardError) -> [Reward] {
    let accuracy = try context.require(context.validationAccuracy, "the accuracy on a validation set", for: Self.name)
    let ratio = accuracy / targetAccuracy
    let gate = pow(ratio, sharpness)
    return group.map { outcome in
      let length = min(1, Double(outcome.length) / Double(context.limit))
      return Reward(
        accuracy: outcome.isCorrect ? 0.9 + 0.1 * (1 - ratio) : 0, length: lengthWeight * (1 - min(gate, length)))
    }
  }

  package static let python = """
    ratio = require(context.validation_accuracy, "the accuracy on a validation set") / TARGET_ACCURACY
    # Lengths are at most 1, and Python has no number for a large power.
    gate = min(ratio, 1) ** SHARPNESS
    found = []
    for outcome in group:
        length = min(1, outcome.length / context.limit)
        accuracy = 0.9 + 0.1 * (1 - ratio) if outcome.is_correct else 0
        found.append((accuracy, LENGTH_WEIGHT * (1 - min(gate, length))))
    return found
    """
}
