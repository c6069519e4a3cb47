import TandemInference

/// The tokens of a request: all in one go, or a request a token where something else than the engine decides after each.
///
/// An engine runs ahead of whoever listens. So leaving its stream early costs tokens, and how many is a matter of time;
/// leaving this one between two requests costs none.
struct Drawing {
  private let session: any Session
  private var request: GenerationRequest
  private let seed: UInt64
  private var rule: StopRule
  private var stream: Generation.AsyncIterator?
  private var count: UInt64 = 0
  private var isOver = false

  init(_ request: GenerationRequest, from session: any Session, _ tokenizer: any Tokenizer, isStepwise: Bool) {
    self.session = session
    self.request = request
    seed = request.seed
    rule = StopRule(request, tokenizer: tokenizer)
    stream = isStepwise ? nil : session.generate(request).makeAsyncIterator()
  }

  /// The next token; nil after the one that says why it is the last.
  mutating func next() async throws -> SampledToken? {
    guard stream == nil else { return try await stream?.next() }
    guard !isOver else { return nil }
    var step = request
    (step.limit, step.stops) = (1, [])
    step.seed = count == 0 ? seed : SplitMix64.derive(seed, count)
    guard var sampled = try await session.sample(step).first else { return nil }
    sampled.stop = rule.reason(after: sampled)
    isOver = sampled.stop != nil
    count += 1
    request.prefix?.append(sampled.token)
    return sampled
  }
}
