import TandemRewards

/// The completions of one prompt, with what they earn.
struct PolicyGroup: Sendable {
  let exercise: PracticeExercise
  let rollouts: [Rollout]
  let outcomes: [RewardOutcome]
  let rewards: [Double]
  let advantages: [Double]

  /// Whether there is nothing to learn: all completions earn the same, or none is better than the others.
  var isEqual: Bool { advantages.allSatisfy { $0 == 0 } }

  init(
    _ exercise: PracticeExercise, _ rollouts: [Rollout], _ practice: any Practice, _ context: RewardContext,
    _ options: PolicyOptions
  ) throws(TrainingError) {
    self.exercise = exercise
    self.rollouts = rollouts
    outcomes = rollouts.map { practice.outcome(of: $0, at: exercise) }
    do { rewards = try options.reward.rewards(of: outcomes, context) } catch { throw .reward(error) }
    advantages = options.advantages.advantages(of: rewards)
  }
}
