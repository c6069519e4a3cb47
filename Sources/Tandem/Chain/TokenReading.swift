public import TandemInference

/// The certainty of a model about a token that it wrote, in its own distribution, before temperature and filters.
public struct TokenReading: Sendable, Hashable {
  /// The ln p of the token.
  public let logProbability: Measured
  /// Entropy of the distribution that it was drawn from, in nats.
  public let entropy: Measured
  /// The token, in its author's vocabulary, and the likeliest ones in its place; nil unless `AnswerRules.alternatives`
  /// asks for them.
  public let choice: Choice?

  /// A token and those in whose stead it was drawn.
  public struct Choice: Sendable, Hashable {
    /// The token that was drawn.
    public let token: Token
    /// The likeliest tokens, likeliest first.
    public let alternatives: [SampledToken.Alternative]
  }

  /// A reading.
  public init(logProbability: Measured, entropy: Measured, choice: Choice? = nil) {
    self.logProbability = logProbability
    self.entropy = entropy
    self.choice = choice
  }

  init(_ sampled: SampledToken, withChoice: Bool = false) {
    self.init(
      logProbability: sampled.logProbability, entropy: sampled.entropy,
      choice: withChoice ? Choice(token: sampled.token, alternatives: sampled.alternatives) : nil)
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
