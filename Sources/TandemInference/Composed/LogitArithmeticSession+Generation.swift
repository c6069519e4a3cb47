/// Sampling from the combined logits, as an engine samples from its own.
extension LogitArithmeticSession {
  /// A generation in progress, with the sampler and the stop rule that engines use.
  struct GenerationInProgress {
    let id: GenerationID
    var sampler: Sampler
    var stop: StopRule
    var hasSampled = false

    init(_ request: GenerationRequest, _ id: GenerationID, _ tokenizer: any Tokenizer) {
      self.id = id
      (sampler, stop) = (Sampler(request), StopRule(request, tokenizer: tokenizer))
    }
  }

  /// Computes a token when the reader asks for it: three engines work for each, so none of them can run the loop.
  public nonisolated func generate(_ request: GenerationRequest) -> Generation {
    let id = GenerationID()
    return Generation(unfolding: { try await self.next(request, id) })
  }

  private func next(_ request: GenerationRequest, _ id: GenerationID) async throws -> SampledToken? {
    guard !Task.isCancelled else { return nil }
    if id.begin() { try await start(request, id) }
    guard let hasSampled = generation?.hasSampled, generation?.id === id else { return nil }
    let logits = try await currentRow(keeps: !hasSampled)
    guard isOpen else { throw EngineError.sessionClosed }
    guard var generation, generation.id === id else { return nil }  // the session was asked for something else
    guard held.count < model.contextSize else {
      throw EngineError.contextFull(needed: held.count + 1, capacity: model.contextSize)
    }
    var sampled = try generation.sampler.sample(logits.span, after: held)
    sampled.stop = try generation.stop.reason(after: sampled)
    generation.hasSampled = true
    self.generation = sampled.stop == nil ? generation : nil
    own = sampled.token
    drawn.sampled += 1
    model.count(sampled: 1)
    return sampled
  }

  private func start(_ request: GenerationRequest, _ id: GenerationID) async throws {
    try begin()
    try request.validate()
    guard request.proposer == nil else {
      throw EngineError.unsupported(capability: "proposals", engine: model.name)
    }
    guard request.grammar == nil else { throw EngineError.unsupported(capability: "grammar", engine: model.name) }
    if let prefix = request.prefix { _ = try await extend(to: prefix) }
    guard !all.isEmpty else {
      throw EngineError.invalidParameter(
        name: "tokens", reason: "must not be empty: extend the session to a prompt first")
    }
    if origin == nil { origin = all.count }
    generation = GenerationInProgress(request, id, model.tokenizer)
  }
}
