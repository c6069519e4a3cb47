public import TandemInference

/// A session whose logits come from a function. Keeps the books of a real cache: what is evaluated, and what is owed.
public actor MemorySession: Session {
  private let place: MemoryEngine.Place
  private let adapter: Adapter?
  private var voice: any Voice
  private var cache = MemoryCache()
  private var ownCounters = EngineCounters()
  private var writer: Writer?

  init(place: MemoryEngine.Place, adapter: Adapter?, voice: any Voice) {
    self.place = place
    self.adapter = adapter
    self.voice = voice
  }

  // Like an engine's, these two have nothing to say to a cancelled task.
  public var tokens: [Token] { Task.isCancelled || !place.isOpen ? [] : cache.tokens }
  public var counters: EngineCounters { Task.isCancelled || !place.isOpen ? .init() : ownCounters }

  private var engine: MemoryEngine { place.engine }

  @discardableResult
  public func extend(to tokens: [Token]) async throws -> Int {
    try begin()
    try check(tokens)
    let capacity = engine.options.contextSize
    guard tokens.count <= capacity else { throw EngineError.contextFull(needed: tokens.count, capacity: capacity) }
    let debt = cache.rewind(to: tokens)
    guard debt.count > 0 else { return 0 }
    try await evaluate(debt)
    cache.hold(tokens)
    return debt.count - debt.own
  }

  public func logProbabilities(of candidates: [Token]) async throws -> [Float] {
    try check(candidates)
    let row = try await logits()
    let sum = Softmax(row.span).logSumExp
    return candidates.map { row[Int($0.rawValue)] - sum }
  }

  public func logits() async throws -> [Float] {
    try begin(needs: .logits)
    try await evaluateRow()
    return try voice.logits(after: cache.tokens)
  }

  public func score(_ continuation: [Token]) async throws -> [Float] {
    try begin(needs: .score)
    try check(continuation)
    guard !continuation.isEmpty else { return [] }
    let (needed, capacity) = (cache.tokens.count + continuation.count, engine.options.contextSize)
    guard needed <= capacity else { throw EngineError.contextFull(needed: needed, capacity: capacity) }
    // The row before it, and those of its tokens, in one pass; the last token's own row would tell what follows.
    var debt = try cache.debtForRow()
    debt.count += continuation.count - 1
    if debt.count > 0 { try await evaluate(debt) }
    if debt.own > 0 { cache.payForRow(keepsRow: false) }
    var speaker = voice
    var (before, scores) = (cache.tokens, [Float]())
    for token in continuation {
      let row = try speaker.logits(after: before)
      scores.append(row[Int(token.rawValue)] - Softmax(row.span).logSumExp)
      before.append(token)
    }
    return scores
  }

  public func fork() async throws -> any Session {
    try begin(needs: .fork)
    let child = MemorySession(place: try engine.takePlace(), adapter: adapter, voice: voice)
    await child.become(cache)
    return child
  }

  public func embedding() async throws -> [Float] {
    try begin(needs: .embeddings)
    throw EngineError.unsupported(capability: "embeddings", engine: engine.name)
  }

  public func save() async throws -> SessionState {
    try begin(needs: .state)
    let bytes = withUnsafeBytes(of: UInt64(cache.evaluated).littleEndian) { Array($0) }
    return SessionState(model: engine.name, adapter: adapter, tokens: cache.tokens, bytes: bytes)
  }

  public func restore(_ state: SessionState) async throws {
    try begin(needs: .state)
    cache = MemoryCache()
    guard state.model == engine.name, state.adapter == adapter, state.bytes.count == 8 else {
      throw EngineError.invalidState(reason: "it was saved by \(state.model), and this is \(engine.name)")
    }
    try check(state.tokens)
    let evaluated = state.bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
    cache = MemoryCache(tokens: state.tokens, evaluated: evaluated)
  }

  public func close() async {
    stopWriting()
    place.giveBack()
  }

  // MARK: - Writing

  public nonisolated func generate(_ request: GenerationRequest) -> Generation {
    let ticket = Ticket()
    return Generation(unfolding: { try await self.next(request, ticket) })
  }

  private func next(_ request: GenerationRequest, _ ticket: Ticket) async throws -> SampledToken? {
    guard !Task.isCancelled else { return nil }
    if ticket.begin() {
      try begin()
      try request.validate()
      guard request.proposer == nil || engine.options.capabilities.contains(.proposals) else {
        throw EngineError.unsupported(capability: "proposals", engine: engine.name)
      }
      if let prefix = request.prefix { try await extend(to: prefix) }
      writer = Writer(request, ticket, engine.tokenizer)
    }
    guard var writer, writer.ticket === ticket else { return nil }  // over, or the session was asked for something else
    if writer.advance() {
      cache.payForRow(keepsRow: false)
      count { $0.decoded += 1 }
    } else {
      let guesses = try await writer.propose(after: cache.tokens, engine)
      guard self.writer?.ticket === ticket else { return nil }
      try await evaluateRow()
      count { $0.proposals.propose(guesses) }
    }
    self.writer = writer
    try await engine.options.onWork(engine.counters)
    guard place.isOpen else { throw EngineError.sessionClosed }
    let (needed, capacity) = (cache.tokens.count + 1, engine.options.contextSize)
    guard needed <= capacity else { throw EngineError.contextFull(needed: needed, capacity: capacity) }
    let sampled = try writer.draw(voice.logits(after: cache.tokens), after: cache.tokens)
    cache.append(sampled.token)
    count { $0.sampled += 1 }
    let guess = writer.compare(sampled.token)
    if let guess { count { $0.proposals.accept(guess) } }
    self.writer = writer
    if guess == nil { dropGuesses() }
    if sampled.stop != nil { stopWriting() }
    return sampled
  }

  // MARK: - The books

  private func begin(needs capability: EngineCapabilities = []) throws {
    guard place.isOpen else { throw EngineError.sessionClosed }
    guard engine.options.capabilities.isSuperset(of: capability) else {
      throw EngineError.unsupported(capability: capability.names.joined(), engine: engine.name)
    }
    try Task.checkCancellation()
    stopWriting()
  }

  private func stopWriting() {
    dropGuesses()
    writer = nil
  }

  /// Rows that nothing will be drawn from have been evaluated in vain.
  private func dropGuesses() {
    guard let rows = writer?.dropGuesses(), rows > 0 else { return }
    count { $0.proposals.rejected += rows }
  }

  private func check(_ tokens: [Token]) throws {
    let size = engine.tokenizer.vocabulary.size
    guard let stranger = tokens.first(where: { !(0..<size).contains(Int($0.rawValue)) }) else { return }
    throw EngineError.invalidParameter(name: "tokens", reason: "contain \(stranger), and there are \(size)")
  }

  /// Sees that the logits after the last token are known.
  private func evaluateRow() async throws {
    let debt = try cache.debtForRow()
    guard debt.count > 0 else { return }
    try await evaluate(debt)
    // A generation keeps the row that it starts from, so that rewinding to there costs nothing.
    cache.payForRow(keepsRow: writer?.hasDrawn != true)
  }

  private func evaluate(_ debt: MemoryCache.Debt) async throws {
    try await engine.options.onWork(engine.counters)
    guard place.isOpen else { throw EngineError.sessionClosed }
    try Task.checkCancellation()
    count {
      $0.prefilled += debt.count - debt.own
      $0.decoded += debt.own
      $0.steps += 1
    }
  }

  private func count(_ change: (inout EngineCounters) -> Void) {
    change(&ownCounters)
    engine.count(change)
  }

  private func become(_ cache: MemoryCache) { self.cache = cache }
}
