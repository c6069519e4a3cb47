/// A session of the target, and one of the draft that follows it when it is asked to guess.
final class SpeculativeSession: Session {
  private let model: SpeculativeDecoding
  private let target: any Session
  private let draft: (any Session)?

  private init(_ model: SpeculativeDecoding, _ target: any Session, _ draft: (any Session)?) {
    self.model = model
    self.target = target
    self.draft = draft
  }

  /// Adds the draft's session to the target's, which is closed where there is none to be had.
  static func pair(
    _ target: any Session, _ model: SpeculativeDecoding,
    _ makeDraft: (any LanguageModel) async throws -> any Session
  ) async throws -> SpeculativeSession {
    do {
      let draft: (any Session)? = if let drafter = model.draft.model { try await makeDraft(drafter) } else { nil }
      return SpeculativeSession(model, target, draft)
    } catch {
      await target.close()
      throw error
    }
  }

  func generate(_ request: GenerationRequest) -> Generation {
    guard request.proposer == nil else {
      let error = EngineError.unsupported(capability: "proposals", engine: model.name)
      return Generation { $0.finish(throwing: error) }
    }
    var request = request
    request.proposer = proposer(for: request)
    return target.generate(request)
  }

  private func proposer(for request: GenerationRequest) -> Proposer {
    switch (model.draft, draft) {
    case (.model(let drafter, let length), let session?):
      let contextSize = drafter.contextSize
      return .deferred { context in
        // Beyond the window of the draft, the target is on its own.
        let most = min(length.most, context.limit, contextSize - context.tokens.count)
        guard most > 0 else { return [] }
        return try await session.sample(request.draft(of: most, length, at: context)).map(\.token)
      }
    case (.lookup(let lookup), _): return .immediate { lookup.proposals(after: $0.tokens) }
    case (.model, nil): preconditionFailure("a session is made for each draft model")
    }
  }

  func fork() async throws -> any Session {
    let child = try await target.fork()
    return try await Self.pair(child, model) { _ in
      guard let draft = self.draft else { preconditionFailure("a session is made for each draft model") }
      return try await draft.fork()
    }
  }

  func close() async {
    await target.close()
    await draft?.close()
  }

  // MARK: - The target's own

  var tokens: [Token] { get async { await target.tokens } }
  var counters: EngineCounters { get async { await target.counters } }
  func extend(to tokens: [Token]) async throws -> Int { try await target.extend(to: tokens) }
  func logits() async throws -> [Float] { try await target.logits() }
  func score(_ continuation: [Token]) async throws -> [Float] { try await target.score(continuation) }
  func embedding() async throws -> [Float] { try await target.embedding() }
  func save() async throws -> SessionState { try await target.save() }
  func restore(_ state: SessionState) async throws { try await target.restore(state) }

  func logProbabilities(of candidates: [Token]) async throws -> [Float] {
    try await target.logProbabilities(of: candidates)
  }
}

extension GenerationRequest {
  /// What the draft is asked: the same, from here on, with the numbers that the target will draw with.
  fileprivate func draft(of most: Int, _ length: DraftLength, at context: ProposalContext) -> Self {
    var draft = self
    draft.prefix = context.tokens
    draft.priorDraws += context.drawn
    draft.limit = most
    draft.stops = length.entropyLimit.map { [.entropy(EntropyBound(.above, $0))] } ?? []
    draft.alternatives = 0
    draft.watched = nil
    return draft
  }
}
