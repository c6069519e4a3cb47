/// What a session is asked to write.
public struct GenerationRequest: Sendable {
  /// The tokens to write after: the session is extended to them first, as `extend(to:)` does. Nil for those it holds.
  ///
  /// One request instead of two saves a tiny model's engine from falling asleep in between.
  public var prefix: [Token]?
  public var sampling: SamplingParameters
  /// Seeds this request's own generator: the same request on the same tokens draws the same tokens.
  public var seed: UInt64
  public var processors: [any LogitProcessor]
  /// Any of these ends the generation; so do `limit` and, unless `ignoresEndOfGeneration`, an end of turn.
  public var stops: [StopCondition]
  /// The most tokens to sample.
  public var limit: Int
  public var ignoresEndOfGeneration: Bool
  /// How many of the likeliest alternatives each sampled token carries.
  public var alternatives: Int
  /// A token whose odds each sampled token carries, whichever is drawn: the end of thinking, for example.
  public var watched: Token?
  /// Guesses what comes next, for speed alone: what is drawn is the same with and without. Needs `proposals`.
  public var proposer: Proposer?
  /// How many tokens the seed's generator has drawn before this request: a draft draws with the very numbers that its
  /// target will draw with.
  package var priorDraws = 0

  public init(
    after prefix: [Token]? = nil, sampling: SamplingParameters = .init(), seed: UInt64 = 0,
    processors: [any LogitProcessor] = [],
    stops: [StopCondition] = [], limit: Int, ignoresEndOfGeneration: Bool = false, alternatives: Int = 0,
    watched: Token? = nil, proposer: Proposer? = nil
  ) {
    self.prefix = prefix
    self.sampling = sampling
    self.seed = seed
    self.processors = processors
    self.stops = stops
    self.limit = limit
    self.ignoresEndOfGeneration = ignoresEndOfGeneration
    self.alternatives = alternatives
    self.watched = watched
    self.proposer = proposer
  }

  /// Throws `invalidParameter`, naming the first parameter that makes no sense.
  public func validate() throws(EngineError) {
    try sampling.validate()
    guard limit > 0 else { throw .invalidParameter(name: "limit", reason: "must be at least 1, not \(limit)") }
    guard alternatives >= 0 else {
      throw .invalidParameter(name: "alternatives", reason: "must be 0 or more, not \(alternatives)")
    }
    if stops.contains(.text("")) || stops.contains(.tokens([])) {
      throw .invalidParameter(name: "stops", reason: "must not be empty texts")
    }
    for case .entropy(let bound) in stops { try bound.validate() }
  }
}

/// What ends a generation, checked inside the engine's loop after each token.
public enum StopCondition: Sendable, Hashable {
  /// This token was sampled.
  case token(Token)
  /// These were sampled one after the other: what `text` can't find when control tokens, which have none, are among them.
  case tokens([Token])
  /// The text of this generation contains these characters; the token that completes them is kept.
  case text(String)
  /// The distributions of the tokens sampled so far are beyond this bound. The token that crosses it is the last one.
  case entropy(EntropyBound)
}

/// Why a generation ended.
public enum StopReason: Sendable, Hashable, Codable {
  case endOfGeneration
  case token(Token)
  case tokens([Token])
  case text(String)
  case entropy
  case limit
}

/// A token as it was drawn.
public struct SampledToken: Sendable, Hashable {
  public let token: Token
  /// ln p of the token in the model's own distribution, before processors, penalty, temperature and filters.
  public let logProbability: Float
  /// Entropy of that distribution, in nats.
  public let entropy: Float
  /// The likeliest tokens of that distribution, on request; likeliest first.
  public let alternatives: [Alternative]
  /// The odds of the token that the request watches.
  public let watched: Odds?
  /// Set on the last token: why the generation ended with it.
  public package(set) var stop: StopReason?

  /// A token that could have been drawn.
  public struct Alternative: Sendable, Hashable {
    public let token: Token
    public let logProbability: Float

    public init(token: Token, logProbability: Float) {
      self.token = token
      self.logProbability = logProbability
    }
  }

  /// How near a token came to being drawn, in the model's own distribution.
  public struct Odds: Sendable, Hashable {
    public let logit: Float
    public let logProbability: Float
    /// 1 for the likeliest token.
    public let rank: Int

    public init(logit: Float, logProbability: Float, rank: Int) {
      self.logit = logit
      self.logProbability = logProbability
      self.rank = rank
    }
  }

  package init(
    token: Token, logProbability: Float, entropy: Float, alternatives: [Alternative] = [], watched: Odds? = nil,
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
