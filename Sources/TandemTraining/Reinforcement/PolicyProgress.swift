package import TandemRewards

/// What one step of reinforcement did: the event that the command line, the log and the report are made from.
package struct PolicyProgress: Sendable, Hashable, Codable {
  /// Counted from 1.
  package var step: Int
  package var steps: Int
  /// Means over all completions that were sampled, those of groups that tell nothing included.
  package var reward: Double
  package var accuracy: Double
  package var length: Double
  /// The share of completions that ran into the limit.
  package var cut: Double
  /// Accuracy and mean length by the level in the prompt.
  package var levels: [LengthLevel: Level]
  /// Mean entropy of the distributions that tokens were drawn from, in nats.
  package var entropy: Double
  /// Mean k3 estimate of the divergence from the reference, per token in nats, before the update.
  package var divergence: Double
  /// The share of groups whose completions all earn the same.
  package var equalGroups: Double
  /// Of the last update.
  package var loss: Float
  /// Of all gradients together, before clipping; of the last update. 0 if there was none.
  package var gradientNorm: Float
  package var learningRate: Float
  /// The largest distance of the engine's and the trainer's ln p.
  package var parity: Float
  /// The share of right answers on the last validation, if the reward needs one.
  package var validationAccuracy: Double?
  /// LASER-D's targets in this step, if that is the reward.
  package var targets: LaserTargets?
  /// Completions and their tokens since the first step.
  package var completions: Int
  package var tokens: Int
  /// Tokens sampled per second of sampling, in this step.
  package var sampledPerSecond: Double
  package var seconds: Seconds
  package var secondsLeft: Double

  package struct Level: Sendable, Hashable, Codable {
    package var accuracy: Double
    package var length: Double

    init(_ outcomes: [RewardOutcome]) {
      accuracy = outcomes.accuracy
      length = outcomes.meanLength
    }
  }

  /// Where the time of the step went.
  package struct Seconds: Sendable, Hashable, Codable {
    /// Writing the weights, loading them, sampling.
    package var sampling: Double
    package var logProbabilities: Double
    package var update: Double

    package var sum: Double { sampling + logProbabilities + update }
  }
}
