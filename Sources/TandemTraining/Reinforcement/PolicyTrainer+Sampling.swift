import FoundationEssentials
import TandemInference

extension PolicyTrainer {
  /// Groups until enough of them tell something; all are returned.
  mutating func sampleGroups() async throws -> [PolicyGroup] {
    try write(model)
    try await validate()
    var groups: [PolicyGroup] = []
    for _ in 0...options.resamplings {
      let missing = options.groups - groups.count { !$0.isEqual }
      guard missing > 0 else { break }
      groups += try await sample(missing)
    }
    return groups
  }

  private mutating func sample(_ count: Int) async throws -> [PolicyGroup] {
    let draws = position.draws..<position.draws + count
    position.draws += count
    let exercises = draws.map(practice.exercise(at:))
    try await measureReference(on: exercises)
    let requests = zip(draws, exercises).flatMap { draw, exercise in
      let seed = SplitMix64.derive(options.seed, UInt64(draw))
      return (0..<options.groupSize).map { index in
        RolloutRequest(prompt: exercise.prompt, seed: SplitMix64.derive(seed, UInt64(index)), limit: options.limit)
      }
    }
    let rollouts = try await rollouts(requests)
    position.completions += rollouts.count
    position.tokens += rollouts.reduce(0) { $0 + $1.tokens.count }
    return try exercises.enumerated().map { index, exercise in
      let own = rollouts[index * options.groupSize..<(index + 1) * options.groupSize]
      return try PolicyGroup(exercise, Array(own), practice, context(of: exercise), options)
    }
  }

  /// Completions of the model that was written last.
  func rollouts(_ requests: [RolloutRequest]) async throws -> [Rollout] {
    let rollouts = try await engine.sample(requests, PolicyOptions.sampling, from: files)
    try check(rollouts, requests.count)
    return rollouts
  }

  /// Writes the policy or its reference where the engine finds it. If an adapter is trained, only that changes: the model
  /// that it is on is written once, and again if it is missing.
  mutating func write(_ model: Llama) throws(TrainingError) {
    if let adapter = model.adapter, let path = files.adapter {
      try adapter.save(path)
      if hasWrittenBase, FileManager.default.fileExists(atPath: files.weights) { return }
    }
    try model.save(files.weights, metadata: metadata)
    hasWrittenBase = true
  }

  private func check(_ rollouts: [Rollout], _ count: Int) throws {
    func fail(_ reason: String) -> ReinforcementError { .invalidRollout(step: position.step, reason: reason) }
    guard rollouts.count == count else { throw fail("\(rollouts.count) came for \(count) requests") }
    for rollout in rollouts {
      guard !rollout.tokens.isEmpty else { throw fail("it is empty") }
      guard rollout.tokens.count == rollout.logProbabilities.count else {
        throw fail("\(rollout.tokens.count) tokens have \(rollout.logProbabilities.count) log-probabilities")
      }
    }
  }

  /// What the model learns from: the completions of the groups that tell something.
  func samples(of groups: [PolicyGroup]) -> [PolicySample] {
    let useful = groups.filter { !$0.isEqual }
    let pairs = useful.flatMap { group in
      group.kept(by: options.objective).map { (group.exercise, group.rollouts[$0], group.advantages[$0], group) }
    }
    let weights = options.objective.weights(lengths: pairs.map { $0.1.tokens.count }, limit: options.limit)
    return zip(pairs, weights).map { pair, weight in
      let (exercise, rollout, advantage, group) = pair
      return PolicySample(
        tokens: exercise.prompt + rollout.tokens, promptCount: exercise.prompt.count, advantage: Float(advantage),
        weight: weight * group.repeats(by: options.objective))
    }
  }
}
