/// O1-Pruner (arXiv:2501.12570): w = clip((L_ref − L) / L + α · (1[correct] − A_ref), −2, 4), the means L_ref and A_ref over
/// completions of the reference model.
///
/// The authors standardise w over the whole data set and weight a supervised loss with it. In GRPO, the advantage does
/// the first.
package struct O1Pruner: LengthReward {
  package static let name = "o1-pruner"
  package static let formula = "clip((L_ref - L) / L + alpha * (1[correct] - A_ref), lowest, highest)"
  package static let comparesGroup = false
  package static let needs: Set<RewardStatistic> = [.reference]

  /// α
  package var accuracyWeight = 5.0
  package var lowest = -2.0
  package var highest = 4.0

  package init() {}

  package func rewards(of group: [RewardOutcome], _ context: RewardContext) throws(RewardError) -> [Reward] {
    let reference = try context.require(
      context.reference, "the reference model's mean length and accuracy of each prompt", for: Self.name)
    return group.map { outcome in
      let length = Double(max(outcome.length, 1))
      let accuracy = accuracyWeight * ((outcome.isCorrect ? 1 : 0) - reference.accuracy)
      let weight = min(max((reference.meanLength - length) / length + accuracy, lowest), highest)
      return Reward(accuracy: accuracy, length: weight - accuracy)
    }
  }

  package static let python = """
    reference = require(context.reference, "the reference model's mean length and accuracy of each prompt")
    found = []
    for outcome in group:
        length = max(outcome.length, 1)
        accuracy = ACCURACY_WEIGHT * (outcome.is_correct - reference.accuracy)
        weight = min(max((reference.mean_length - length) / length + accuracy, LOWEST), HIGHEST)
        found.append((accuracy, weight - accuracy))
    return found
    """
}
