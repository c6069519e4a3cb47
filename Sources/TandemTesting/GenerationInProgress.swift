import TandemInference

/// A generation in progress: the engine's own sampler and stop rule.
struct GenerationInProgress {
  let id: GenerationID
  private(set) var hasSampled = false
  private var sampler: Sampler
  private var stop: StopRule
  private let proposer: Proposer?
  /// Draft tokens, evaluated before it is known whether they will be sampled.
  private var drafts: [Token] = []
  /// How many of these have been sampled.
  private var acceptedDrafts = 0
  /// How many of their rows are left to sample from, or to throw away.
  private(set) var rowsAhead = 0
  /// Whether nothing was to be proposed.
  private(set) var isSkipping = false

  init(_ request: GenerationRequest, _ id: GenerationID, _ tokenizer: any Tokenizer) {
    self.id = id
    sampler = Sampler(request)
    stop = StopRule(request, tokenizer: tokenizer)
    proposer = request.proposer
  }

  /// Asks for the draft tokens to evaluate beside the token sampled last; returns how many there are.
  mutating func propose(after tokens: [Token], _ engine: MemoryEngine) async throws -> Int {
    (drafts, acceptedDrafts, rowsAhead, isSkipping) = ([], 0, 0, false)
    let contextSize = engine.options.contextSize
    guard hasSampled, let proposer, let context = ProposalContext(after: tokens, stop, contextSize: contextSize) else {
      return 0
    }
    guard proposer.isWanted(in: context) else {
      isSkipping = true
      return 0
    }
    let vocabulary = engine.tokenizer.vocabulary
    switch proposer {
    case .immediate(let propose, _): drafts = context.usable(propose(context), of: vocabulary)
    case .deferred(let propose, _): drafts = context.usable(try await propose(context), of: vocabulary)
    }
    rowsAhead = drafts.count
    return rowsAhead
  }

  /// Moves to the row after the token sampled last; false if that has not been evaluated.
  mutating func advance() -> Bool {
    guard rowsAhead > 0 else { return false }
    rowsAhead -= 1
    return true
  }

  /// Compares a token with the next draft token; returns the place of the draft token if they are the same.
  mutating func compare(_ token: Token) -> Int? {
    guard acceptedDrafts < drafts.count, drafts[acceptedDrafts] == token else { return nil }
    acceptedDrafts += 1
    return acceptedDrafts - 1
  }

  /// Drops the rows ahead; returns how many there were.
  mutating func dropDrafts() -> Int {
    defer { (drafts, acceptedDrafts, rowsAhead) = ([], 0, 0) }
    return rowsAhead
  }

  /// Samples a token, and reports of its distribution what the engine reports.
  mutating func sample(
    _ logits: [Float], after tokens: [Token], reporting reportedTokens: Int?
  ) throws -> SampledToken {
    var sampled = try sampler.sample(logits.span, after: tokens)
    if let reportedTokens { sampled = sampled.reporting(top: reportedTokens, of: logits) }
    sampled.stop = try stop.reason(after: sampled)
    hasSampled = true
    return sampled
  }
}

extension SampledToken {
  /// The same as a server reports it that knows the likeliest tokens only.
  fileprivate func reporting(top count: Int, of logits: [Float]) -> SampledToken {
    let sum = Softmax(logits.span).logSumExp
    let top = count > 0 ? Sampler.likeliest(count, of: logits.span, sum).map(\.logProbability) : []
    return SampledToken(
      token: token, logProbability: logProbability, entropy: .entropy(ofTop: top, vocabularySize: logits.count),
      alternatives: Array(alternatives.prefix(count)),
      watched: watched.map { Odds(logit: nil, logProbability: $0.logProbability, rank: nil) }, stop: stop)
  }
}
