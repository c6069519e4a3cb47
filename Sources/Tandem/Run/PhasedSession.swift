import Synchronization
import TandemInference

/// A session with one adapter on while its model thinks, and another while it answers.
///
/// A cache made with one adapter is useless with another. So at each change the session is closed, and one with the
/// other adapter evaluates everything again; the engine counts that, and the outcome of a run calls it reevaluated. The
/// session is closed first: runs that kept one slot while they wait for another could wait for each other for ever.
final class PhasedSession: Session {
  private let model: any LanguageModel
  private let adapter: @Sendable (Segment) -> Adapter?
  private let state: Mutex<State>

  private struct State {
    var session: any Session
    var segment: Segment
    /// The counts of sessions that are closed already.
    var retired = EngineCounters()
  }

  private init(_ model: any LanguageModel, _ adapter: @escaping @Sendable (Segment) -> Adapter?, _ state: State) {
    self.model = model
    self.adapter = adapter
    self.state = Mutex(state)
  }

  /// An empty session, in thinking.
  static func open(_ model: any LanguageModel, thinking: Adapter?, answer: Adapter?) async throws -> PhasedSession {
    PhasedSession(
      model, { $0 == .thinking ? thinking : answer },
      State(session: try await model.makeSession(adapter: thinking), segment: .thinking))
  }

  private var session: any Session { state.withLock { $0.session } }

  /// Switches to the adapter of `segment`. The session is then empty if another adapter was on.
  func enter(_ segment: Segment) async throws {
    let old = state.withLock { $0 }
    guard old.segment != segment else { return }
    // In a task of its own, since a session refuses calls from one that is cancelled.
    let counted = await Task { await old.session.counters }.value
    await old.session.close()
    state.withLock { $0.retired = $0.retired + counted }
    let new = try await model.makeSession(adapter: adapter(segment))
    state.withLock { ($0.session, $0.segment) = (new, segment) }
  }

  func fork() async throws -> PhasedSession {
    let now = state.withLock { $0 }
    return PhasedSession(model, adapter, State(session: try await now.session.fork(), segment: now.segment))
  }

  var counters: EngineCounters {
    get async {
      let now = state.withLock { $0 }
      return now.retired + (await now.session.counters)
    }
  }

  // MARK: - The current session

  var tokens: [Token] { get async { await session.tokens } }

  func extend(to tokens: [Token]) async throws -> Int { try await session.extend(to: tokens) }

  func generate(_ request: GenerationRequest) -> Generation { session.generate(request) }

  func interface<Interface>(_ type: Interface.Type) -> Interface? { session.interface(type) }

  func close() async { await session.close() }
}

extension Participant {
  /// Whether its thinking and its answer are written with the same adapter.
  var writesWithOneAdapter: Bool { thinkingAdapter == nil || thinkingAdapter == adapter }

  /// A session of its model, in thinking.
  func makeSession() async throws -> any Session {
    guard let thinkingAdapter, !writesWithOneAdapter else { return try await model.makeSession(adapter: adapter) }
    return try await PhasedSession.open(model, thinking: thinkingAdapter, answer: adapter)
  }
}

extension Reasoner {
  /// Switches to the adapter with which this model writes `segment`, if it has one of its own.
  func enter(_ segment: Segment) async throws { try await (session as? PhasedSession)?.enter(segment) }
}
