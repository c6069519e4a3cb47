public import TandemInference

/// The certainty of a model about a token that it wrote, in its own distribution, before temperature and filters.
public struct TokenReading: Sendable, Hashable {
  /// The ln p of the token.
  public let logProbability: Measured
  /// Entropy of the distribution that it was drawn from, in nats.
  public let entropy: Measured

  /// A reading.
  public init(logProbability: Measured, entropy: Measured) {
    self.logProbability = logProbability
    self.entropy = entropy
  }

  init(_ sampled: SampledToken) {
    self.init(logProbability: sampled.logProbability, entropy: sampled.entropy)
  }

  /// e to the power of `logProbability`.
  static func probability(_ logProbability: Float) -> Float {
    Softmax.exp(SIMD8(repeating: max(min(logProbability, 0), -87)))[0]
  }
}

extension Passage {
  /// The readings of all its tokens, delimiters and ends of turn included; empty if it comes from a trace.
  public var readings: [TokenReading] { thoughts.flatMap(\.readings) }
}
