/// One sequence being evaluated, with its key-value cache. Knows nothing about text.
///
/// A session runs one request at a time. It gives its place in the engine back when the last reference to it goes, or
/// at `close()`.
public protocol Session: Sendable {
  /// The tokens that the cache holds, those just sampled included.
  var tokens: [Token] { get async }

  /// What this session has made its engine do.
  var counters: EngineCounters { get async }

  /// Makes the cache hold exactly `tokens`, evaluating only those it does not hold already.
  ///
  /// Stopping, discarding and rewinding are all this call: it finds the common prefix, drops what follows, and
  /// evaluates the rest. Throws `contextFull` when they do not fit into the window; the session then holds what it
  /// held before.
  ///
  /// - Returns: How many tokens were evaluated that this session had not sampled itself.
  @discardableResult
  func extend(to tokens: [Token]) async throws -> Int

  /// Samples tokens after those the cache holds, until `request` says stop. Runs inside the engine's loop.
  ///
  /// Leaving the loop early, or cancelling the task, ends the generation within one step of the engine.
  func generate(_ request: GenerationRequest) -> Generation

  /// ln p of each of `candidates` as the next token; nothing is appended.
  func logProbabilities(of candidates: [Token]) async throws -> [Float]

  /// The logits of the next token, `[vocabulary size]`.
  func logits() async throws -> [Float]

  /// ln p of each token of `continuation` given those before it, in one pass; the cache is rolled back afterwards.
  func score(_ continuation: [Token]) async throws -> [Float]

  /// A second session that shares this one's cache up to here.
  func fork() async throws -> any Session

  /// The hidden state of the last token after the final norm, `[embedding size]`.
  func embedding() async throws -> [Float]

  /// The cache as bytes, to be given to `restore(_:)` of a session of the same model and adapter.
  func save() async throws -> SessionState

  /// Replaces the cache. Throws `invalidState` for the state of another model or adapter, and then holds nothing.
  func restore(_ state: SessionState) async throws

  /// Ends what runs and gives the place in the engine back. Afterwards every call throws `sessionClosed`.
  func close() async
}

/// The tokens of one generation, as they are sampled. The last one carries its `stop` reason.
public typealias Generation = AsyncThrowingStream<SampledToken, any Error>

/// A session's cache as bytes, with what is needed to know whose it is.
public struct SessionState: Sendable, Hashable {
  public let model: String
  public let adapter: Adapter?
  public let tokens: [Token]
  public let bytes: [UInt8]

  package init(model: String, adapter: Adapter?, tokens: [Token], bytes: [UInt8]) {
    self.model = model
    self.adapter = adapter
    self.tokens = tokens
    self.bytes = bytes
  }
}

extension Session {
  /// All tokens of a generation at once.
  public func sample(_ request: GenerationRequest) async throws -> [SampledToken] {
    var tokens: [SampledToken] = []
    for try await token in generate(request) { tokens.append(token) }
    try Task.checkCancellation()  // a cancelled stream ends without an error
    return tokens
  }
}
