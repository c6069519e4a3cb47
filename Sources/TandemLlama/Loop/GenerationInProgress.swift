import TandemInference

/// A generation in progress. A class, so that its buffers have one owner while it is passed around.
final class GenerationInProgress {
  private var sampler: Sampler
  private var stop: StopRule
  private let constraint: LlamaGrammar?
  let proposer: Proposer?
  private let stream: Generation.Continuation
  private var unsent: [SampledToken] = []
  private var lastSent: ContinuousClock.Instant?

  /// Waking the listener costs the decode thread some 20 µs, a fifth of a tiny model's step. So it is woken at most
  /// this often; a step of any other model takes longer, and its tokens leave one by one.
  private static let interval = Duration.milliseconds(8)

  init(
    _ request: GenerationRequest, tokenizer: any Tokenizer, constraint: LlamaGrammar?, stream: Generation.Continuation
  ) {
    sampler = Sampler(request)
    self.constraint = constraint
    stop = StopRule(request, tokenizer: tokenizer)
    proposer = request.proposer
    self.stream = stream
  }

  /// The input of a proposer after `tokens`; nil if draft tokens would save nothing.
  func proposalContext(after tokens: [Token], contextSize: Int) -> ProposalContext? {
    ProposalContext(after: tokens, stop, contextSize: contextSize)
  }

  /// Samples the token that follows `tokens`.
  func sample(_ logits: Span<Float>, after tokens: [Token]) throws(EngineError) -> SampledToken {
    var sampled = try sampler.sample(logits, after: tokens, under: constraint)
    sampled.stop = try stop.reason(after: sampled)
    return sampled
  }

  /// Delivers `sampled` to the listener, now or soon. The counters are up to date when the last token arrives.
  func deliver(_ sampled: SampledToken) {
    unsent.append(sampled)
    let now = ContinuousClock.now
    if sampled.stop == nil, let lastSent, now - lastSent < Self.interval { return }
    flush()
    lastSent = now
    if sampled.stop != nil { stream.finish() }
  }

  /// Sends the tokens that are held back.
  func flush() {
    for token in unsent { stream.yield(token) }
    unsent.removeAll(keepingCapacity: true)
  }
}
