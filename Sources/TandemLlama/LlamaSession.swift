import Synchronization
public import TandemInference

/// A sequence of a llama.cpp context. It sends jobs to the decode loop, and waits for the answers.
public final class LlamaSession: LogitSession, EmbeddingSession, StateSession, WarmingSession {
  private let engine: LlamaEngine  // keeps the loop running as long as there is a session
  private let ticket: SlotTicket
  private let adapter: Adapter?
  /// What it reads ahead, and how to end that.
  private let ahead = Mutex<(tokens: [Token], flag: CancellationFlag)?>(nil)

  init(_ engine: LlamaEngine, ticket: SlotTicket, adapter: Adapter?) {
    self.engine = engine
    self.ticket = ticket
    self.adapter = adapter
  }

  deinit { engine.inbox.post(Job(ticket: ticket, cancellation: .init(), request: .close(nil))) }

  public var tokens: [Token] { get async { (try? await ask { .tokens($0) }) ?? [] } }

  public var counters: EngineCounters { get async { (try? await ask { .counters($0) }) ?? .init() } }

  @discardableResult
  public func extend(to tokens: [Token]) async throws -> Int {
    endReadingAhead(of: tokens)
    return try await ask { .extend(tokens, $0) }
  }

  /// Samples in the engine's decode loop; leaving the loop over the stream ends it within one pass.
  public func generate(_ request: GenerationRequest) -> Generation {
    Generation { stream in
      if let prefix = request.prefix { endReadingAhead(of: prefix) }
      let flag = CancellationFlag()
      // Holds the session: in `for try await token in session.generate(…)` there may be no other reference to it.
      stream.onTermination = { reason in
        guard case .cancelled = reason else { return }
        flag.raise()
        self.engine.inbox.nudge()
      }
      engine.inbox.post(Job(ticket: ticket, cancellation: flag, request: .generate(request, stream)))
    }
  }

  /// The logits of the next token; −∞ for tokens that do not exist.
  public func logits() async throws -> [Float] { try await ask { .logits($0) } }

  /// One pass for all of `continuation`, and a rollback.
  public func score(_ continuation: [Token]) async throws -> [Float] {
    try await ask { .score(continuation, keeps: false, $0) }
  }

  /// One pass for all of `continuation`.
  public func extend(by continuation: [Token]) async throws -> [Float] {
    try await ask { .score(continuation, keeps: true, $0) }
  }

  /// A second session that shares this one's cache. Throws `busy` at once if there is no free sequence.
  public func fork() async throws -> LlamaSession {
    LlamaSession(engine, ticket: try await ask { .fork($0) }, adapter: adapter)
  }

  public func embedding() async throws -> [Float] { try await ask { .embedding($0) } }

  public func save() async throws -> SessionState {
    let saved: (tokens: [Token], bytes: [UInt8]) = try await ask { .save($0) }
    let bytes = StateSeal.seal(saved.bytes, tokens: saved.tokens)
    return SessionState(model: engine.identity, adapter: adapter, tokens: saved.tokens, bytes: bytes)
  }

  public func restore(_ state: SessionState) async throws {
    try await extend(to: [])  // whatever goes wrong now, the session holds nothing
    guard state.model == engine.identity else {
      throw EngineError.invalidState(reason: "it was saved by \(state.model), and this is \(engine.identity)")
    }
    guard state.adapter == adapter else {
      throw EngineError.invalidState(reason: "it was saved with another adapter")
    }
    guard let bytes = StateSeal.open(state.bytes, tokens: state.tokens) else {
      throw EngineError.invalidState(reason: "it is damaged")
    }
    try await ask { .restore(state.tokens, bytes, $0) }
  }

  /// The session itself; reading ahead only if the engine is to.
  public func interface<Interface>(_ type: Interface.Type) -> Interface? {
    type == (any WarmingSession).self && !engine.parameters.readsAhead ? nil : self as? Interface
  }

  /// Evaluates `tokens` until anything else is asked of this session, if they continue what it holds.
  public func warmUp(with tokens: [Token]) {
    let flag = ahead.withLock { ahead in
      let flag = ahead.map { tokens.starts(with: $0.tokens) ? $0.flag : .init() } ?? .init()
      ahead = (tokens, flag)
      return flag
    }
    engine.inbox.post(Job(ticket: ticket, cancellation: flag, request: .readAhead(tokens)))
  }

  /// Ends even the pass that reads ahead, if what it reads is no part of `tokens`.
  private func endReadingAhead(of tokens: [Token]) {
    let isUseless = ahead.withLock { ahead in
      defer { ahead = nil }
      guard let now = ahead, !tokens.starts(with: now.tokens) else { return false }
      now.flag.raise()
      return true
    }
    if isUseless { engine.inbox.nudge() }
  }

  public func close() async {
    // Not `ask`: closing must go through when the task is cancelled, above all then.
    _ = try? await withCheckedThrowingContinuation { (reply: Job.Reply<Void>) in
      engine.inbox.post(Job(ticket: ticket, cancellation: .init(), request: .close(reply)))
    }
  }

  private func ask<Value>(_ request: (Job.Reply<Value>) -> Job.Request) async throws -> Value {
    let flag = CancellationFlag()
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { reply in
        engine.inbox.post(Job(ticket: ticket, cancellation: flag, request: request(reply)))
      }
    } onCancel: {
      flag.raise()
      engine.inbox.nudge()
    }
  }
}
