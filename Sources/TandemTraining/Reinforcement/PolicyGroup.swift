import TandemRewards

/// The completions of one prompt, with what they earn.
struct PolicyGroup: Sendable {
  let exercise: PracticeExercise
  let rollouts: [Rollout]
  let outcomes: [RewardOutcome]
  let rewards: [Double]
  let advantages: [Double]

  /// Whether there is nothing to learn: all completions earn the same, or none is better than the others. The steps of a right
  /// one may differ where the outcomes do not.
  var isEqual: Bool { advantages.allSatisfy { $0 == 0 } && !(hasSteps && outcomes.contains(where: \.isCorrect)) }
  private let hasSteps: Bool

  init(
    _ exercise: PracticeExercise, _ rollouts: [Rollout], _ practice: any Practice, _ context: RewardContext,
    _ options: PolicyOptions
  ) throws(TrainingError) {
    self.exercise = exercise
    self.rollouts = rollouts
    outcomes = rollouts.map { practice.outcome(of: $0, at: exercise) }
    do { rewards = try options.reward.rewards(of: outcomes, context) } catch { throw .reward(error) }
    advantages = options.advantages.advantages(of: rewards)
    hasSteps = options.objective.stepLength != nil
  }

  /// The places of the completions that are learnt from.
  func kept(by objective: PolicyObjective) -> [Int] {
    objective.oreal?.kept(outcomes.map(\.isCorrect)) ?? Array(rollouts.indices)
  }

  /// How often these completions count.
  func repeats(by objective: PolicyObjective) -> Float {
    guard objective.oreal?.repeats == true else { return 1 }
    return Float(OREAL.repeats(passRate: outcomes.accuracy))
  }
}
