/// One sequence being evaluated, with its cache: what every engine has. It handles tokens only, no text.
///
/// A session runs one request at a time. It gives its sequence in the engine back when the last reference to it goes,
/// or at `close()`.
///
/// What only some engines can do is in further protocols: `ScoringSession`, `LogitSession`, `EmbeddingSession` and
/// `StateSession`. `interface(_:)` returns a session as one of them.
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

  /// A second session that holds the same tokens. With the capability `fork` it shares this one's cache; without it
  /// everything is evaluated again. Throws `busy` if there is no free sequence.
  func fork() async throws -> Self

  /// This session as `any LogitSession`, for example; nil if it can't do that. A session that is composed of others
  /// returns the one that can.
  ///
  /// The interface is for its own calls: close the session, not the interface.
  func interface<Interface>(_ type: Interface.Type) -> Interface?

  /// Ends what runs and gives the sequence in the engine back. Afterwards every call throws `sessionClosed`.
  func close() async
}

extension Session {
  /// The session itself, if it conforms.
  public func interface<Interface>(_ type: Interface.Type) -> Interface? { self as? Interface }

  /// This session as `any LogitSession`, for example; throws `unsupported` with the names of the capability and of
  /// `model` if it can't do that.
  public func require<Interface>(
    _ type: Interface.Type, _ capability: EngineCapabilities, of model: any LanguageModel
  ) throws(EngineError) -> Interface {
    guard let interface = interface(type) else {
      throw .unsupported(capability: capability.names.joined(separator: ", "), engine: model.name)
    }
    return interface
  }

  /// All tokens of a generation at once.
  public func sample(_ request: GenerationRequest) async throws -> [SampledToken] {
    var tokens: [SampledToken] = []
    for try await token in generate(request) { tokens.append(token) }
    try Task.checkCancellation()  // a cancelled stream ends without an error
    return tokens
  }
}

/// The tokens of one generation, as they are sampled. The last one carries its `stop` reason.
public typealias Generation = AsyncThrowingStream<SampledToken, any Error>
