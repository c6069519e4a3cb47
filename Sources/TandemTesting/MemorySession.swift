public import TandemInference

/// A session whose logits come from a function. Keeps the accounts of a real cache: what is evaluated, and what is
/// pending.
public actor MemorySession: LogitSession, StateSession {
  private let permit: MemoryEngine.Permit
  private let adapter: Adapter?
  private var source: any LogitSource
  private var cache = CacheAccounts()
  private var ownCounters = EngineCounters()
  private var generation: GenerationInProgress?

  init(_ permit: MemoryEngine.Permit, adapter: Adapter?, source: any LogitSource) {
    self.permit = permit
    self.adapter = adapter
    self.source = source
  }

  /// The session itself, if its model has the capability to match.
  public nonisolated func interface<Interface>(_ type: Interface.Type) -> Interface? {
    let capabilities = permit.engine.options.capabilities
    let isSupported =
      if type == (any LogitSession).self {
        capabilities.contains(.logits)
      } else if type == (any ScoringSession).self {
        !capabilities.isDisjoint(with: [.score, .logits])
      } else if type == (any StateSession).self {
        capabilities.contains(.state)
      } else {
        true
      }
    return isSupported ? self as? Interface : nil
  }

  // Like an engine's, these two return nothing to a cancelled task.
  public var tokens: [Token] { Task.isCancelled || !permit.isOpen ? [] : cache.tokens }
  public var counters: EngineCounters { Task.isCancelled || !permit.isOpen ? .init() : ownCounters }

  private var engine: MemoryEngine { permit.engine }

  @discardableResult
  public func extend(to tokens: [Token]) async throws -> Int {
    try begin()
    try check(tokens[cache.tokens.commonPrefixCount(with: tokens)...])
    let capacity = engine.options.contextSize
    guard tokens.count <= capacity else { throw EngineError.contextFull(needed: tokens.count, capacity: capacity) }
    let pending = cache.rewind(to: tokens)
    guard pending.count > 0 else { return 0 }
    try await evaluate(pending)
    cache.hold(tokens)
    return pending.count - pending.own
  }

  public func logits() async throws -> [Float] {
    try begin()
    try await evaluateRow()
    return try source.logits(after: cache.tokens)
  }

  public func score(_ continuation: [Token]) async throws -> [Float] { try await score(continuation, keeps: false) }

  public func extend(by continuation: [Token]) async throws -> [Float] { try await score(continuation, keeps: true) }

  private func score(_ continuation: [Token], keeps: Bool) async throws -> [Float] {
    try begin()
    try check(continuation)
    guard !continuation.isEmpty else { return [] }
    let (needed, capacity) = (cache.tokens.count + continuation.count, engine.options.contextSize)
    guard needed <= capacity else { throw EngineError.contextFull(needed: needed, capacity: capacity) }
    // The row before it, and those of its tokens, in one pass; the last token's own row would tell what follows.
    var pending = try cache.pendingForRow()
    pending.count += continuation.count - (keeps ? 0 : 1)
    if pending.count > 0 { try await evaluate(pending) }
    if pending.own > 0 { cache.evaluateRow(keepsRow: false) }
    var source = source
    var (before, scores) = (cache.tokens, [Float]())
    for token in continuation {
      let row = try source.logits(after: before)
      scores.append(row[Int(token.rawValue)] - Softmax(row.span).logSumExp)
      before.append(token)
    }
    if keeps { cache.append(evaluated: continuation) }
    return scores
  }

  public func fork() async throws -> MemorySession {
    try begin()
    let child = MemorySession(try engine.makePermit(), adapter: adapter, source: source)
    if engine.options.capabilities.contains(.fork) {
      await child.adopt(cache)
    } else {
      try await child.extend(to: cache.tokens)
    }
    return child
  }

  public func save() async throws -> SessionState {
    try begin()
    let bytes = withUnsafeBytes(of: UInt64(cache.evaluated).littleEndian) { Array($0) }
    return SessionState(model: engine.name, adapter: adapter, tokens: cache.tokens, bytes: bytes)
  }

  public func restore(_ state: SessionState) async throws {
    try begin()
    cache = CacheAccounts()
    guard state.model == engine.name, state.adapter == adapter, state.bytes.count == 8 else {
      throw EngineError.invalidState(reason: "it was saved by \(state.model), and this is \(engine.name)")
    }
    try check(state.tokens)
    let evaluated = state.bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
    cache = CacheAccounts(tokens: state.tokens, evaluated: evaluated)
  }

  public func close() async {
    stopGenerating()
    permit.release()
  }

  // MARK: - Generating

  public nonisolated func generate(_ request: GenerationRequest) -> Generation {
    let id = GenerationID()
    return Generation(unfolding: { try await self.next(request, id) })
  }

  private func next(_ request: GenerationRequest, _ id: GenerationID) async throws -> SampledToken? {
    guard !Task.isCancelled else { return nil }
    if id.begin() {
      try begin()
      try request.validate()
      guard request.proposer == nil || engine.options.capabilities.contains(.proposals) else {
        throw EngineError.unsupported(capability: "proposals", engine: engine.name)
      }
      guard request.grammar == nil else { throw EngineError.unsupported(capability: "grammar", engine: engine.name) }
      if let prefix = request.prefix { try await extend(to: prefix) }
      generation = GenerationInProgress(request, id, engine.tokenizer)
    }
    guard var generation, generation.id === id else { return nil }  // over, or the session was asked for something else
    if generation.advance() {
      cache.evaluateRow(keepsRow: false)
      count { $0.decoded += 1 }
    } else {
      let drafts = try await generation.propose(after: cache.tokens, engine)
      guard self.generation?.id === id else { return nil }
      try await evaluateRow()
      count { [isSkipping = generation.isSkipping] in
        $0.proposals.propose(drafts)
        if isSkipping { $0.proposals.skipped += 1 }
      }
    }
    self.generation = generation
    try await engine.options.onWork(engine.counters)
    guard permit.isOpen else { throw EngineError.sessionClosed }
    let (needed, capacity) = (cache.tokens.count + 1, engine.options.contextSize)
    guard needed <= capacity else { throw EngineError.contextFull(needed: needed, capacity: capacity) }
    let sampled = try generation.sample(
      source.logits(after: cache.tokens), after: cache.tokens, reporting: engine.options.reportedTokens)
    cache.append(sampled.token)
    count { $0.sampled += 1 }
    let accepted = generation.compare(sampled.token)
    if let accepted { count { $0.proposals.accept(accepted) } }
    self.generation = generation
    if accepted == nil { dropDrafts() }
    if sampled.stop != nil { stopGenerating() }
    return sampled
  }

  // MARK: - Accounts

  private func begin() throws {
    guard permit.isOpen else { throw EngineError.sessionClosed }
    try Task.checkCancellation()
    stopGenerating()
  }

  private func stopGenerating() {
    dropDrafts()
    generation = nil
  }

  /// Counts rows that nothing will be sampled from as evaluated in vain.
  private func dropDrafts() {
    guard let rows = generation?.dropDrafts(), rows > 0 else { return }
    count { $0.proposals.rejected += rows }
  }

  private func check(_ tokens: some Sequence<Token>) throws {
    let size = engine.tokenizer.vocabulary.size
    guard let stranger = tokens.first(where: { !(0..<size).contains(Int($0.rawValue)) }) else { return }
    throw EngineError.invalidParameter(name: "tokens", reason: "contain \(stranger), and there are \(size)")
  }

  /// Sees that the logits after the last token are known.
  private func evaluateRow() async throws {
    let pending = try cache.pendingForRow()
    guard pending.count > 0 else { return }
    try await evaluate(pending)
    // A generation keeps the row that it starts from, so that rewinding to there costs nothing.
    cache.evaluateRow(keepsRow: generation?.hasSampled != true)
  }

  private func evaluate(_ pending: CacheAccounts.Pending) async throws {
    try await engine.options.onWork(engine.counters)
    guard permit.isOpen else { throw EngineError.sessionClosed }
    try Task.checkCancellation()
    count {
      $0.prefilled += pending.count - pending.own
      $0.decoded += pending.own
      $0.steps += 1
    }
  }

  private func count(_ change: (inout EngineCounters) -> Void) {
    change(&ownCounters)
    engine.count(change)
  }

  private func adopt(_ cache: CacheAccounts) { self.cache = cache }
}
