/// O1-Pruner (arXiv:2501.12570): w = clip((L_ref − L) / L + α · (1[correct] − A_ref), −2, 4), the means L_ref and A_ref over
/// completions of the reference model.
///
/// The authors standardise w over the whole data set and weight a supervised loss with it. In GRPO, the advantage does
/// the first.
package struct O1Pruner: LengthReward {
  package static let name = "o1-pruner"
  package static let needs: Set<RewardStatistic> = [.reference]

  /// α
  package var accuracyWeight = 5.0
  package var lowest = -2.0
  package var highest = 4.0

  package init() {}

  package func rewards(of group: [Outcome], _ context: RewardContext) throws(TrainingError) -> [Reward] {
    let reference = try context.require(
      context.reference, "the reference model's mean length and accuracy of each prompt", for: Self.name)
    return group.map { outcome in
      let length = Double(max(outcome.length, 1))
      let accuracy = accuracyWeight * ((outcome.isCorrect ? 1 : 0) - reference.accuracy)
      let weight = min(max((reference.meanLength - length) / length + accuracy, lowest), highest)
      return Reward(accuracy: accuracy, length: weight - accuracy)
    }
  }
}
