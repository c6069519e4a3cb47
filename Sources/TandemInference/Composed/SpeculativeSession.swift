/// A session of the target, and one of the draft model that follows it when draft tokens are asked for.
public final class SpeculativeSession: Session {
  private let model: SpeculativeDecoding
  private let target: any Session
  private let draft: (any Session)?
  private let pace: DraftPace

  private init(
    _ model: SpeculativeDecoding, _ target: any Session, _ draft: (any Session)?, _ pace: DraftPace
  ) {
    self.model = model
    self.target = target
    self.draft = draft
    self.pace = pace
  }

  /// Adds the draft model's session to the target's, which is closed if there is none to be had.
  static func pair(
    _ target: any Session, _ model: SpeculativeDecoding, _ pace: DraftPace? = nil,
    _ makeDraft: (any LanguageModel) async throws -> any Session
  ) async throws -> SpeculativeSession {
    do {
      let draft: (any Session)? = if let drafter = model.draft.model { try await makeDraft(drafter) } else { nil }
      return SpeculativeSession(model, target, draft, pace ?? DraftPace(of: model))
    } catch {
      await target.close()
      throw error
    }
  }

  /// Samples with the target; the draft model proposes.
  public func generate(_ request: GenerationRequest) -> Generation {
    guard request.proposer == nil else {
      let error = EngineError.unsupported(capability: "proposals", engine: model.name)
      return Generation { $0.finish(throwing: error) }
    }
    var own = request
    guard let recording = model.recording else {
      own.proposer = proposer(for: request, nil)
      return target.generate(own)
    }
    let notes = RejectionNotes(recording)
    own.proposer = proposer(for: request, notes)
    own.alternatives = max(request.alternatives, recording.likeliest)
    let generation = RecordedGeneration(target.generate(own), asked: request.alternatives, notes)
    return Generation(unfolding: { try await generation.next() })
  }

  private func proposer(for request: GenerationRequest, _ notes: RejectionNotes?) -> Proposer {
    let rounds = DraftRounds(pace)
    switch (model.draft, draft) {
    case (.model(let drafter, let length), let session?):
      let contextSize = drafter.contextSize
      return .deferred(
        { context in
          let draft = request.draft(of: rounds.asked, length, at: context)
          let guesses = try await session.sample(draft).map(\.token)
          notes?.note(guesses, at: context)
          return rounds.note(guesses)
        },
        // Beyond the window of the draft, the target is on its own.
        when: { rounds.begin(at: $0, atMost: min($0.limit, contextSize - $0.tokens.count)) })
    case (.lookup(let lookup), _):
      return .immediate(
        { rounds.note(Array(lookup.proposals(after: $0.tokens).prefix(rounds.asked))) },
        when: { rounds.begin(at: $0, atMost: $0.limit) })
    case (.model, nil): preconditionFailure("a session is made for each draft model")
    }
  }

  /// A fork of the target's session, and one of the draft model's.
  public func fork() async throws -> SpeculativeSession {
    let child = try await target.fork()
    return try await Self.pair(child, model, pace.copy()) { _ in
      guard let draft = self.draft else { preconditionFailure("a session is made for each draft model") }
      return try await draft.fork()
    }
  }

  /// Closes both sessions.
  public func close() async {
    await target.close()
    await draft?.close()
  }

  // MARK: - The target's own

  /// What the target holds.
  public var tokens: [Token] { get async { await target.tokens } }
  /// What the target has done.
  public var counters: EngineCounters { get async { await target.counters } }
  /// Extends the target; the draft model follows when draft tokens are asked for.
  @discardableResult
  public func extend(to tokens: [Token]) async throws -> Int { try await target.extend(to: tokens) }
  /// What the target can do.
  public func interface<Interface>(_ type: Interface.Type) -> Interface? { target.interface(type) }
}

extension GenerationRequest {
  /// The same from here on, for the draft model, with the random numbers that the target will sample with.
  fileprivate func draft(of most: Int, _ length: DraftLength, at context: ProposalContext) -> Self {
    var draft = self
    draft.prefix = context.tokens
    draft.priorDraws += context.drawn
    (draft.limit, draft.completionLimit) = (most, 0)
    draft.stops = length.entropyLimit.map { [.entropy(EntropyBound(.above, $0))] } ?? []
    draft.alternatives = 0
    draft.watched = nil
    (draft.grammar, draft.grammarPrefix) = (nil, [])  // the target sees to that
    return draft
  }
}
