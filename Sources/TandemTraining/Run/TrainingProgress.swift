/// What one step did: the event that the command line, the log and the loss curve are made from.
package struct TrainingProgress: Sendable, Hashable, Codable {
  /// Counted from 1.
  package var step: Int
  package var steps: Int
  /// What the objective makes of the step's examples, such as the weighted mean of -ln p, before the parameters moved.
  package var loss: Float
  /// Of all gradients together, before clipping.
  package var gradientNorm: Float
  package var learningRate: Float
  package var epoch: Int
  /// Positions trained on since the first step, without padding.
  package var tokens: Int
  /// Positions per second of this run, and per second that all threads of this process computed of its own positions.
  package var tokensPerSecond: Double
  package var tokensPerCPUSecond: Double
  package var secondsLeft: Double
  /// The most bytes that tensors have held at once.
  package var peakMemory: Int
  /// How the model judges pairs of answers, if it is trained on these.
  package var preference: PreferenceProgress?
  /// The share of long thinking in the loss, if that follows a validation.
  package var longShare: Double?
}

/// How a model judges pairs of answers, of which one is preferred: means over pairs.
package struct PreferenceProgress: Sendable, Hashable, Codable {
  /// The share of pairs whose chosen answer has the larger reward.
  package var accuracy: Double
  /// By how much, on average.
  package var margin: Double
}

extension PreferenceProgress {
  /// Adds up over the batches of a step.
  struct Sum {
    private var (pairs, agreed, margin): (Float, Float, Float) = (0, 0, 0)

    init() {}

    /// From the numbers of another process, or those of all.
    init(numbers: [Float]) { (pairs, agreed, margin) = (numbers[0], numbers[1], numbers[2]) }

    var numbers: [Float] { [pairs, agreed, margin] }

    /// - Parameter rewards: Of chosen and rejected answers in turn.
    mutating func add(_ rewards: [Float]) {
      for pair in stride(from: 0, to: rewards.count, by: 2) {
        pairs += 1
        agreed += rewards[pair] > rewards[pair + 1] ? 1 : 0
        margin += rewards[pair] - rewards[pair + 1]
      }
    }

    var mean: PreferenceProgress? {
      pairs > 0 ? PreferenceProgress(accuracy: Double(agreed / pairs), margin: Double(margin / pairs)) : nil
    }
  }

  /// The mean of several steps; nil if they had no pairs.
  static func mean(of steps: [PreferenceProgress]) -> PreferenceProgress? {
    let count = Double(steps.count)
    guard count > 0 else { return nil }
    return PreferenceProgress(
      accuracy: steps.reduce(0) { $0 + $1.accuracy } / count, margin: steps.reduce(0) { $0 + $1.margin } / count)
  }
}
