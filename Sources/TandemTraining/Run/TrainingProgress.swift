/// What one step did: the event that the command line, the log and the loss curve are made from.
package struct TrainingProgress: Sendable, Hashable, Codable {
  /// Counted from 1.
  package var step: Int
  package var steps: Int
  /// The weighted mean of -ln p over the step's targets, before the parameters moved.
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
}
