public import TandemInference

/// A session whose logits come from a function. Keeps the books of a real cache: what is evaluated, and what is owed.
public actor MemorySession: Session {
  private let place: MemoryEngine.Place
  private let adapter: Adapter?
  private var voice: any Voice
  private var held: [Token] = []
  /// How many of `held` are evaluated; the last one may have been drawn and still be owed.
  private var evaluated = 0
  /// After how many tokens the logits are known.
  private var rowCount = -1
  private var ownCounters = EngineCounters()
  private var writer: Writer?

  init(place: MemoryEngine.Place, adapter: Adapter?, voice: any Voice) {
    self.place = place
    self.adapter = adapter
    self.voice = voice
  }

  // Like an engine's, these two have nothing to say to a cancelled task.
  public var tokens: [Token] { Task.isCancelled || !place.isOpen ? [] : held }
  public var counters: EngineCounters { Task.isCancelled || !place.isOpen ? .init() : ownCounters }

  private var engine: MemoryEngine { place.engine }
  private var hasRow: Bool { rowCount == held.count && evaluated == held.count }

  @discardableResult
  public func extend(to tokens: [Token]) async throws -> Int {
    try begin()
    try check(tokens)
    let capacity = engine.options.contextSize
    guard tokens.count <= capacity else { throw EngineError.contextFull(needed: tokens.count, capacity: capacity) }
    let common = held.commonPrefixCount(with: tokens)
    rewind(to: common)
    guard common < tokens.count else { return 0 }
    let own = common == evaluated + 1 ? 1 : 0
    let owed = tokens.count - evaluated
    try await evaluate(owed, own: own)
    held = tokens
    rowCount = tokens.count
    return owed - own
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
    return try voice.logits(after: held)
  }

  public func score(_ continuation: [Token]) async throws -> [Float] {
    try begin(needs: .score)
    try check(continuation)
    guard !continuation.isEmpty else { return [] }
    let capacity = engine.options.contextSize
    guard held.count + continuation.count <= capacity else {
      throw EngineError.contextFull(needed: held.count + continuation.count, capacity: capacity)
    }
    let own = try owedForRow()
    if evaluated == held.count && !hasRow { evaluated -= 1 }  // the row is gone: its token again
    let owed = held.count - evaluated + continuation.count - 1
    let base = held.count
    if owed > 0 { try await evaluate(owed, own: own) }
    var speaker = voice
    var (before, scores) = (held, [Float]())
    for token in continuation {
      let row = try speaker.logits(after: before)
      scores.append(row[Int(token.rawValue)] - Softmax(row.span).logSumExp)
      before.append(token)
    }
    evaluated = base
    return scores
  }

  public func fork() async throws -> any Session {
    try begin(needs: .fork)
    let child = MemorySession(place: try engine.takePlace(), adapter: adapter, voice: voice)
    await child.become(held, evaluated: evaluated, rowCount: rowCount)
    return child
  }

  public func embedding() async throws -> [Float] {
    try begin(needs: .embeddings)
    throw EngineError.unsupported(capability: "embeddings", engine: engine.name)
  }

  public func save() async throws -> SessionState {
    try begin(needs: .state)
    let bytes = withUnsafeBytes(of: UInt64(evaluated).littleEndian) { Array($0) }
    return SessionState(model: engine.name, adapter: adapter, tokens: held, bytes: bytes)
  }

  public func restore(_ state: SessionState) async throws {
    try begin(needs: .state)
    rewind(to: 0)
    guard state.model == engine.name, state.adapter == adapter, state.bytes.count == 8 else {
      throw EngineError.invalidState(reason: "it was saved by \(state.model), and this is \(engine.name)")
    }
    try check(state.tokens)
    let evaluated = state.bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
    become(state.tokens, evaluated: evaluated, rowCount: -1)
  }

  public func close() async {
    writer = nil
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
      writer = Writer(request, ticket, engine.tokenizer)
    }
    guard var writer, writer.ticket === ticket else { return nil }  // over, or the session was asked for something else
    try await evaluateRow()
    try await engine.options.onWork(engine.counters)
    guard place.isOpen else { throw EngineError.sessionClosed }
    guard held.count < engine.options.contextSize else {
      throw EngineError.contextFull(needed: held.count + 1, capacity: engine.options.contextSize)
    }
    let sampled = try writer.draw(voice.logits(after: held), after: held)
    self.writer = sampled.stop == nil ? writer : nil
    held.append(sampled.token)
    count { $0.sampled += 1 }
    return sampled
  }

  // MARK: - The books

  private func begin(needs capability: EngineCapabilities = []) throws {
    guard place.isOpen else { throw EngineError.sessionClosed }
    guard engine.options.capabilities.isSuperset(of: capability) else {
      throw EngineError.unsupported(capability: capability.names.joined(), engine: engine.name)
    }
    try Task.checkCancellation()
    writer = nil
  }

  private func check(_ tokens: [Token]) throws {
    let size = engine.tokenizer.vocabulary.size
    guard let stranger = tokens.first(where: { !(0..<size).contains(Int($0.rawValue)) }) else { return }
    throw EngineError.invalidParameter(name: "tokens", reason: "contain \(stranger), and there are \(size)")
  }

  private func rewind(to count: Int) {
    held.removeLast(max(0, held.count - count))
    guard count < evaluated else { return }
    evaluated = count
    if rowCount > count { rowCount = -1 }
  }

  /// Sees that the logits after the last token are known.
  private func evaluateRow() async throws {
    let own = try owedForRow()
    guard !hasRow else { return }
    if evaluated == held.count { evaluated -= 1 }
    try await evaluate(1, own: own)
    // A generation keeps the row that it starts from, so that rewinding to there costs nothing.
    if writer?.hasDrawn != true { rowCount = held.count }
  }

  /// How many of the tokens that the next row waits for were drawn here: one or none.
  private func owedForRow() throws -> Int {
    guard !held.isEmpty else {
      throw EngineError.invalidParameter(name: "tokens", reason: "must not be empty: extend the session first")
    }
    return evaluated == held.count - 1 ? 1 : 0
  }

  private func evaluate(_ count: Int, own: Int) async throws {
    try await engine.options.onWork(engine.counters)
    guard place.isOpen else { throw EngineError.sessionClosed }
    try Task.checkCancellation()
    evaluated += count
    self.count {
      $0.prefilled += count - own
      $0.decoded += own
      $0.steps += 1
    }
  }

  private func count(_ change: (inout EngineCounters) -> Void) {
    change(&ownCounters)
    engine.count(change)
  }

  private func become(_ tokens: [Token], evaluated: Int, rowCount: Int) {
    (held, self.evaluated, self.rowCount) = (tokens, evaluated, rowCount)
  }
}
