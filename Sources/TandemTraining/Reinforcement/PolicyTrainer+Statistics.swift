import TandemInference
import TandemRewards

/// What some rewards must know beyond the completions of a prompt: measured when it is first asked for, and kept in the
/// checkpoint.
extension PolicyTrainer {
  /// What the reward gets to know of an exercise.
  func context(of exercise: PracticeExercise) -> RewardContext {
    RewardContext(
      limit: options.limit, level: exercise.level, budget: exercise.budget,
      reference: position.references[exercise.key], validationAccuracy: position.validationAccuracy,
      targets: position.targets)
  }

  /// Validates the policy, which must be written, if the reward needs it and it is time: on the same exercises with
  /// the same seeds each time.
  mutating func validate() async throws {
    let banded = options.reward.reward as? any BandedReward
    guard banded != nil || options.reward.needs.contains(.validationAccuracy), let validation,
      (position.step - 1).isMultiple(of: options.validationInterval)
    else { return }
    let exercises = (0..<options.validationProblems).map(validation.exercise(at:))
    // How difficult a prompt is, only several completions tell.
    let count = banded == nil ? 1 : options.groupSize
    let groups = try await outcomes(of: exercises, in: validation, count: count)
    position.validationAccuracy = groups.joined().accuracy
    if let banded { position.targets = (position.targets ?? banded.targets).adapted(to: groups, limit: options.limit) }
  }

  /// Lets the reference model complete those prompts that it has not seen, as often as the policy does, where the reward
  /// needs it. Only what is drawn is sampled; what comes out does not depend on when.
  mutating func measureReference(on exercises: [PracticeExercise]) async throws {
    guard options.reward.needs.contains(.reference) else { return }
    var seen = Set(position.references.keys)
    let new = exercises.filter { seen.insert($0.key).inserted }
    guard !new.isEmpty else { return }
    try write(reference)
    let groups = try await outcomes(of: new, in: practice, count: options.groupSize)
    try write(model)
    for (exercise, group) in zip(new, groups) {
      position.references[exercise.key] = .init(meanLength: group.meanLength, accuracy: group.accuracy)
    }
  }

  /// How `count` completions of each exercise turn out, by the model that was written last.
  private func outcomes(
    of exercises: [PracticeExercise], in practice: any Practice, count: Int
  ) async throws -> [[RewardOutcome]] {
    let rollouts = try await rollouts(exercises.flatMap { requests($0, count: count) })
    return exercises.enumerated().map { index, exercise in
      rollouts[index * count..<(index + 1) * count].map { practice.outcome(of: $0, at: exercise) }
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
