/// A token as it was sampled.
public struct SampledToken: Sendable, Hashable {
  /// The token.
  public let token: Token
  /// ln p of the token in the model's own distribution, before processors, penalty, temperature and filters.
  public let logProbability: Measured
  /// Entropy of that distribution, in nats.
  public let entropy: Measured
  /// The likeliest tokens of that distribution, on request; likeliest first. A server may report fewer.
  public let alternatives: [Alternative]
  /// The odds of the token that the request watches; nil if the engine does not report them.
  public let watched: Odds?
  /// Set on the last token: why the generation ended with it.
  public package(set) var stop: StopReason?

  /// A token that could have been sampled.
  public struct Alternative: Sendable, Hashable {
    /// The token.
    public let token: Token
    /// ln p of it.
    public let logProbability: Float

    /// A token, and ln p of it.
    public init(token: Token, logProbability: Float) {
      self.token = token
      self.logProbability = logProbability
    }
  }

  /// How near a token came to being sampled, in the model's own distribution.
  public struct Odds: Sendable, Hashable {
    /// Its logit; nil if the engine reports log-probabilities only, which have lost the constant.
    public let logit: Float?
    /// ln p of it.
    public let logProbability: Float
    /// 1 for the likeliest token; nil if the engine does not report it.
    public let rank: Int?

    /// The odds of a token, as far as they are known.
    public init(logit: Float?, logProbability: Float, rank: Int?) {
      self.logit = logit
      self.logProbability = logProbability
      self.rank = rank
    }
  }

  package init(
    token: Token, logProbability: Measured, entropy: Measured, alternatives: [Alternative] = [], watched: Odds? = nil,
    stop: StopReason? = nil
  ) {
    self.token = token
    self.logProbability = logProbability
    self.entropy = entropy
    self.alternatives = alternatives
    self.watched = watched
    self.stop = stop
  }
}
