import TandemInference

/// What some rewards must know beyond the completions of a prompt: measured when it is first asked for, and kept in the
/// checkpoint.
extension PolicyTrainer {
  /// What the reward gets to know of an exercise.
  func context(of exercise: PracticeExercise) -> RewardContext {
    RewardContext(
      limit: options.limit, level: exercise.level, budget: exercise.budget,
      reference: position.references[exercise.key], validationAccuracy: position.validationAccuracy)
  }

  /// Measures the accuracy of the policy, which must be written, where the reward needs it and it is time: on the same
  /// exercises with the same seeds each time.
  mutating func validate() async throws {
    guard options.reward.needs.contains(.validationAccuracy), let validation,
      (position.step - 1).isMultiple(of: options.validationInterval)
    else { return }
    let exercises = (0..<options.validationProblems).map(validation.exercise(at:))
    let rollouts = try await rollouts(exercises.flatMap { requests($0, count: 1) })
    position.validationAccuracy = zip(rollouts, exercises).map { validation.outcome(of: $0, at: $1) }.accuracy
  }

  /// Lets the reference model complete those prompts that it has not seen, as often as the policy does, where the reward
  /// needs it. Only what is drawn is sampled; what comes out does not depend on when.
  mutating func measureReference(on exercises: [PracticeExercise]) async throws {
    guard options.reward.needs.contains(.reference) else { return }
    var seen = Set(position.references.keys)
    let new = exercises.filter { seen.insert($0.key).inserted }
    guard !new.isEmpty else { return }
    try write(reference)
    let rollouts = try await rollouts(new.flatMap { requests($0, count: options.groupSize) })
    try write(model)
    for (index, exercise) in new.enumerated() {
      let own = rollouts[index * options.groupSize..<(index + 1) * options.groupSize]
      let outcomes = own.map { practice.outcome(of: $0, at: exercise) }
      position.references[exercise.key] = .init(meanLength: outcomes.meanLength, accuracy: outcomes.accuracy)
    }
  }

  /// Seeded by the prompt alone.
  private func requests(_ exercise: PracticeExercise, count: Int) -> [RolloutRequest] {
    let seed = SplitMix64.derive(options.seed, exercise.fingerprint)
    return (0..<count).map { index in
      RolloutRequest(prompt: exercise.prompt, seed: SplitMix64.derive(seed, UInt64(index)), limit: options.limit)
    }
  }
}

extension PracticeExercise {
  fileprivate var fingerprint: UInt64 {
    var fingerprint = Fingerprint()
    for token in prompt { fingerprint.combine(withUnsafeBytes(of: token.rawValue) { Array($0) }) }
    return fingerprint.value
  }

  /// Its prompt, as a key of JSON.
  fileprivate var key: String { String(fingerprint, radix: 16) }
}
