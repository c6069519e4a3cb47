package import TandemInference
package import TandemRewards

/// How a model does on problems, by the level that it is asked for.
package struct PracticeScore: Sendable, Hashable, Codable {
  package var level: LengthLevel?
  package var completions: Int
  package var accuracy: Double
  package var meanLength: Double
  /// Of right and of wrong answers; 0 if there are none.
  package var rightLength: Double
  package var wrongLength: Double
  /// The share that ran into the limit.
  package var cut: Double

  init(_ level: LengthLevel?, _ outcomes: [RewardOutcome]) {
    self.level = level
    completions = outcomes.count
    accuracy = outcomes.accuracy
    meanLength = outcomes.meanLength
    rightLength = outcomes.filter(\.isCorrect).meanLength
    wrongLength = outcomes.filter { !$0.isCorrect }.meanLength
    cut = Double(outcomes.count { $0.isCut }) / Double(max(outcomes.count, 1))
  }

  /// Scores the model of these files, level by level, on the first problems of a practice; completions that run into
  /// `limit` are wrong.
  package static func measure(
    _ files: PolicyFiles, on practice: CountdownPractice, problems: Int, by engine: any RolloutEngine,
    _ sampling: SamplingParameters, limit: Int, seed: UInt64
  ) async throws -> [PracticeScore] {
    let exercises = (0..<min(problems, practice.problems.count) * practice.levels.count).map(
      practice.exercise(inOrder:))
    let requests = exercises.enumerated().map { index, exercise in
      RolloutRequest(prompt: exercise.prompt, seed: SplitMix64.derive(seed, UInt64(index)), limit: limit)
    }
    let rollouts = try await engine.sample(requests, sampling, from: files)
    let outcomes = zip(rollouts, exercises).map { ($1.level, practice.outcome(of: $0, at: $1)) }
    return practice.levels.map { level in
      PracticeScore(level, outcomes.filter { $0.0 == level }.map { $0.1 })
    }
  }
}
