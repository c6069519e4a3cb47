import Synchronization
public import TandemInference

/// What a model in memory computes: the logits of the next token.
///
/// A session has its own copy, and so has its fork.
public protocol LogitSource: Sendable {
  /// One row, `[vocabulary size]`, for what follows `tokens`.
  mutating func logits(after tokens: [Token]) throws -> [Float]
}

/// What models in memory have in common.
public struct MemoryOptions: Sendable {
  /// What its sessions can do.
  public var capabilities: EngineCapabilities
  /// How messages become a prompt.
  public var template: any ChatTemplate
  /// The most tokens that one session can hold.
  public var contextSize: Int
  /// How many sessions may be open at once; one more throws `busy`.
  public var places: Int
  /// Whether a session can drop the end of what it holds: see `SessionReuse`.
  public var rewinds = true
  /// How many of the likeliest tokens it reports, as a server does: entropies are then known within bounds only, and
  /// not at all with 0. Nil reports whole distributions.
  public var reportedTokens: Int?
  /// Called before each forward pass and before each token is drawn, with what the engine has done so far.
  ///
  /// It may wait, or throw what the engine is to fail with.
  public var onWork: @Sendable (EngineCounters) async throws -> Void

  /// A model with these options.
  public init(
    capabilities: EngineCapabilities = [.tokens, .logits, .fork, .score, .state, .proposals],
    template: any ChatTemplate = PlainTemplate(), contextSize: Int = 1 << 16, places: Int = 8,
    reportedTokens: Int? = nil,
    onWork: @escaping @Sendable (EngineCounters) async throws -> Void = { _ in }
  ) {
    self.capabilities = capabilities
    self.template = template
    self.contextSize = contextSize
    self.places = places
    self.reportedTokens = reportedTokens
    self.onWork = onWork
  }

  /// Fails with `error` when `count` tokens have been drawn.
  public static func failing(with error: any Error, afterSampling count: Int) -> Self {
    Self { if $0.sampled >= count { throw error } }
  }

  /// Waits at `gate` when `count` tokens have been drawn.
  public static func waiting(at gate: Gate, afterSampling count: Int) -> Self {
    Self { if $0.sampled >= count { await gate.wait() } }
  }
}

/// A language model that needs no weights.
///
/// Those of this module differ in their logits only.
public protocol MemoryModel: LanguageModel where ModelSession == MemorySession {
  /// Its sessions and counters.
  var engine: MemoryEngine { get }
}

extension MemoryModel {
  public var name: String { engine.name }
  public var capabilities: EngineCapabilities { engine.options.capabilities }
  public var tokenizer: any Tokenizer { engine.tokenizer }
  public var template: any ChatTemplate { engine.options.template }
  public var contextSize: Int { engine.options.contextSize }
  public var counters: EngineCounters { engine.counters }
  public var reuse: SessionReuse? { SessionReuse(of: engine, rewinds: engine.options.rewinds) }
  /// How many sessions are open: none, when a run is over.
  public var openSessions: Int { engine.openSessions }

  public func makeSession(adapter: Adapter?) async throws -> MemorySession {
    try Task.checkCancellation()
    try check(adapter)
    return MemorySession(try engine.makePermit(), adapter: adapter, source: engine.makeSource())
  }
}

/// Sessions and counters of a model in memory.
public final class MemoryEngine: Sendable {
  let name: String
  let tokenizer: ByteTokenizer
  let options: MemoryOptions
  let makeSource: @Sendable () -> any LogitSource
  private let state = Mutex((counters: EngineCounters(), open: 0))

  init(
    name: String, tokenizer: ByteTokenizer, options: MemoryOptions, source: @escaping @Sendable () -> any LogitSource
  ) {
    self.name = name
    self.tokenizer = tokenizer
    self.options = options
    makeSource = source
  }

  /// Everything that its sessions have made it do.
  public var counters: EngineCounters { state.withLock { $0.counters } }
  /// How many sessions are open.
  public var openSessions: Int { state.withLock { $0.open } }

  func count(_ change: (inout EngineCounters) -> Void) { state.withLock { change(&$0.counters) } }

  func makePermit() throws(EngineError) -> Permit {
    let isFree = state.withLock { state in
      guard state.open < options.places else { return false }
      state.open += 1
      return true
    }
    guard isFree else { throw .busy(sequences: options.places, waiting: 0) }
    return Permit(engine: self)
  }

  /// One session's right to be open: given back once, at the latest when the last reference to the session goes.
  final class Permit: Sendable {
    let engine: MemoryEngine
    private let isHeld = Mutex(true)

    init(engine: MemoryEngine) { self.engine = engine }

    deinit { release() }

    var isOpen: Bool { isHeld.withLock { $0 } }

    func release() {
      isHeld.withLock { isHeld in
        if isHeld { engine.state.withLock { $0.open -= 1 } }
        isHeld = false
      }
    }
  }
}
