/// What a session is asked to write.
public struct GenerationRequest: Sendable {
  /// The tokens to write after: the session is extended to them first, as `extend(to:)` does. Nil for those it holds.
  ///
  /// One request instead of two: the engine does not have to wake up twice.
  public var prefix: [Token]?
  /// How tokens are sampled.
  public var sampling: SamplingParameters
  /// Seeds this request's own generator: the same request on the same tokens draws the same tokens.
  public var seed: UInt64
  /// Change the logits of each step before they are sampled from, in this order. Need `logits`.
  public var processors: [any LogitProcessor]
  /// Any of these ends the generation; so do `limit` and, unless `ignoresEndOfGeneration`, an end of turn.
  public var stops: [StopCondition]
  /// The most tokens to sample.
  public var limit: Int
  /// How many tokens more may be sampled to complete a character of which `limit`, a text or a bound leaves only the
  /// first bytes: 3 at most are needed, since a character has 4 bytes. With 0 the generation ends inside it.
  public var completionLimit = 0
  /// Whether an end of turn is a token like any other.
  public var ignoresEndOfGeneration: Bool
  /// How many of the likeliest tokens each sampled token reports.
  public var alternatives: Int
  /// A token whose odds each sampled token reports, whichever is sampled: the end of thinking, for example.
  public var watched: Token?
  /// What the text must look like; nil if it is free. Needs `grammar`.
  public var grammar: Grammar?
  /// Tokens before this request that are part of the grammar's text already.
  public var grammarPrefix: [Token] = []
  /// Proposes draft tokens, for speed alone: what is sampled is the same with and without. Needs `proposals`.
  public var proposer: Proposer?
  /// How many numbers the seed's generator has given out before this request: a draft model samples with the very
  /// numbers that its target will sample with.
  package var priorDraws = 0

  /// A request that ends after `limit` tokens at the latest.
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
    guard completionLimit >= 0 else {
      throw .invalidParameter(name: "completionLimit", reason: "must be 0 or more, not \(completionLimit)")
    }
    guard alternatives >= 0 else {
      throw .invalidParameter(name: "alternatives", reason: "must be 0 or more, not \(alternatives)")
    }
    if stops.contains(.text("")) || stops.contains(.tokens([])) {
      throw .invalidParameter(name: "stops", reason: "must not be empty texts")
    }
    for case .entropy(let bound) in stops { try bound.validate() }
    try grammar?.validate()
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
  /// The model ended its turn, or the text.
  case endOfGeneration
  /// This token was sampled.
  case token(Token)
  /// These tokens were sampled one after the other.
  case tokens([Token])
  /// This text is complete.
  case text(String)
  /// An `EntropyBound` was crossed.
  case entropy
  /// As many tokens were sampled as the request allows, or a few more that complete a character.
  case limit
}
