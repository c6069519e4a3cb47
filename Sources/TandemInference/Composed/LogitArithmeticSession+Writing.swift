import Synchronization

/// Drawing from the combined logits, as an engine draws from its own.
extension LogitArithmeticSession {
  /// A generation in progress, with the sampler and the stop rule that engines use.
  struct Writer {
    let ticket: Ticket
    var sampler: Sampler
    var stop: StopRule
    var hasDrawn = false

    init(_ request: GenerationRequest, _ ticket: Ticket, _ tokenizer: any Tokenizer) {
      self.ticket = ticket
      (sampler, stop) = (Sampler(request), StopRule(request, tokenizer: tokenizer))
    }
  }

  /// Tells one generation from the next.
  final class Ticket: Sendable {
    private let hasBegun = Atomic(false)

    /// Whether this is the first call.
    func begin() -> Bool { !hasBegun.exchange(true, ordering: .relaxed) }
  }

  /// Computes a token when the reader asks for it: three engines work for each, and none has it in its own loop.
  nonisolated func generate(_ request: GenerationRequest) -> Generation {
    let ticket = Ticket()
    return Generation(unfolding: { try await self.next(request, ticket) })
  }

  private func next(_ request: GenerationRequest, _ ticket: Ticket) async throws -> SampledToken? {
    guard !Task.isCancelled else { return nil }
    if ticket.begin() { try await start(request, ticket) }
    guard let hasDrawn = writer?.hasDrawn, writer?.ticket === ticket else { return nil }
    let logits = try await currentRow(keeps: !hasDrawn)
    guard isOpen else { throw EngineError.sessionClosed }
    guard var writer, writer.ticket === ticket else { return nil }  // the session was asked for something else
    guard held.count < model.contextSize else {
      throw EngineError.contextFull(needed: held.count + 1, capacity: model.contextSize)
    }
    var sampled = try writer.sampler.sample(logits.span, after: held)
    sampled.stop = try writer.stop.reason(after: sampled)
    writer.hasDrawn = true
    self.writer = sampled.stop == nil ? writer : nil
    own = sampled.token
    drawn.sampled += 1
    model.count(sampled: 1)
    return sampled
  }

  private func start(_ request: GenerationRequest, _ ticket: Ticket) async throws {
    try begin()
    try request.validate()
    guard request.proposer == nil else {
      throw EngineError.unsupported(capability: "proposals", engine: model.name)
    }
    if let prefix = request.prefix { _ = try await extend(to: prefix) }
    guard !all.isEmpty else {
      throw EngineError.invalidParameter(
        name: "tokens", reason: "must not be empty: extend the session to a prompt first")
    }
    if origin == nil { origin = all.count }
    writer = Writer(request, ticket, model.tokenizer)
  }
}
