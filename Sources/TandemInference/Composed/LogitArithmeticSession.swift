/// Three sessions that hold the same, and a token sampled from their sum that none of them has evaluated yet.
public actor LogitArithmeticSession: LogitSession {
  let model: LogitArithmetic
  private let target: any Session
  private let guider: any Session
  private let base: any Session
  /// What the target holds.
  var held: [Token] = []
  /// The token sampled last, still to be evaluated.
  var own: Token?
  /// The logits after the first `rowCount` tokens: where a generation began, so that to go back there costs nothing.
  private var row: [Float] = []
  private var rowCount = -1
  /// Where the first generation began: warm-up is counted from here.
  var origin: Int?
  var drawn = (sampled: 0, decoded: 0)
  var isOpen = true
  /// The generation that runs.
  var generation: GenerationInProgress?

  init(_ model: LogitArithmetic, target: any Session, guider: any Session, base: any Session) {
    (self.model, self.target, self.guider, self.base) = (model, target, guider, base)
  }

  /// What the session holds.
  public var tokens: [Token] { isOpen && !Task.isCancelled ? all : [] }

  var all: [Token] { held + (own.map { [$0] } ?? []) }

  /// Those of one model that evaluates and samples what this session does.
  public var counters: EngineCounters {
    get async { await target.counters.withOwn(sampled: drawn.sampled, decoded: drawn.decoded) }
  }

  // MARK: - The cache

  /// Extends the target; the other two follow when their logits are needed.
  @discardableResult
  public func extend(to tokens: [Token]) async throws -> Int {
    try begin()
    guard tokens != all else { return 0 }
    guard tokens.count <= model.contextSize else {
      throw EngineError.contextFull(needed: tokens.count, capacity: model.contextSize)
    }
    let keepsOwn = own != nil && tokens.starts(with: all)
    let given = try await hold(tokens)
    if keepsOwn { countDecoded() }
    return given - (keepsOwn ? 1 : 0)
  }

  /// Makes the target hold `tokens`; the others follow when their logits are needed.
  private func hold(_ tokens: [Token]) async throws -> Int {
    do {
      let given = try await target.extend(to: tokens)
      note(held: tokens)
      return given
    } catch {
      let left = await Task { await self.target.tokens }.value  // a cancelled task gets none
      if left != held { note(held: left) }
      throw error
    }
  }

  /// Notes that the target holds `tokens` now.
  private func note(held tokens: [Token]) {
    let common = held.commonPrefixCount(with: tokens)
    if rowCount > common { rowCount = -1 }
    if let start = origin, common < start { origin = nil }
    (held, own) = (tokens, nil)
  }

  private func countDecoded() {
    drawn.decoded += 1
    model.count(decoded: 1)
  }

  // MARK: - Reading

  /// The combined logits of the next token.
  public func logits() async throws -> [Float] {
    try begin()
    return try await currentRow(keeps: true)
  }

  /// The combined logits after the last token.
  func currentRow(keeps: Bool) async throws -> [Float] {
    if own != nil {
      _ = try await hold(all)
      countDecoded()
    }
    guard rowCount != held.count else { return row }
    let combined = try await combine()
    if keeps { (row, rowCount) = (combined, held.count) }
    return combined
  }

  private func combine() async throws -> [Float] {
    guard model.alpha != 0, !isWarmingUp else { return try await logits(of: target) }
    async let large = logits(of: target)
    async let with = logits(of: guider, after: held)
    async let without = logits(of: base, after: held)
    var sum = try await large
    let (guided, plain) = (try await with, try await without)
    for index in 0..<min(sum.count, guided.count, plain.count) {
      let difference = guided[index] - plain[index]
      if !difference.isNaN { sum[index] += model.alpha * difference }  // neither of them can sample it
    }
    return sum
  }

  private var isWarmingUp: Bool {
    guard let origin else { return model.warmup > 0 }
    return held.count < origin + model.warmup
  }

  private nonisolated func logits(of session: any Session, after tokens: [Token]? = nil) async throws -> [Float] {
    if let tokens { try await session.extend(to: tokens) }
    return try await session.require((any LogitSession).self, .logits, of: model).logits()
  }

  /// Takes a pass for each token, since each needs a sum of three rows.
  public func score(_ continuation: [Token]) async throws -> [Float] {
    try begin()
    try check(continuation)
    guard !continuation.isEmpty else { return [] }
    let needed = all.count + continuation.count
    guard needed <= model.contextSize else {
      throw EngineError.contextFull(needed: needed, capacity: model.contextSize)
    }
    let first = try await currentRow(keeps: true)
    let start = held
    let scores: Result<[Float], any Error>
    do {
      scores = .success(try await self.scores(of: continuation, from: first))
    } catch {
      scores = .failure(error)
    }
    // Back to where it was, though the caller may have been cancelled meanwhile.
    try await Task { _ = try await self.hold(start) }.value
    return try scores.get()
  }

  private func scores(of continuation: [Token], from first: [Float]) async throws -> [Float] {
    var (row, scores) = (first, [Float]())
    for (index, token) in continuation.enumerated() {
      scores.append(row[Int(token.rawValue)] - Softmax(row.span).logSumExp)
      guard index < continuation.count - 1 else { break }
      _ = try await target.extend(to: held + [token])
      held.append(token)
      row = try await combine()
    }
    return scores
  }

  // MARK: - Its life

  /// A fork of each of the three sessions.
  public func fork() async throws -> LogitArithmeticSession {
    try begin()
    var forks: [any Session] = []
    do {
      for session in [target, guider, base] { forks.append(try await session.fork()) }
    } catch {
      for session in forks { await session.close() }
      throw error
    }
    let child = LogitArithmeticSession(model, target: forks[0], guider: forks[1], base: forks[2])
    await child.adopt(held, own, row, rowCount, origin)
    return child
  }

  private func adopt(_ held: [Token], _ own: Token?, _ row: [Float], _ rowCount: Int, _ origin: Int?) {
    (self.held, self.own, self.row, self.rowCount, self.origin) = (held, own, row, rowCount, origin)
  }

  /// Closes the three sessions.
  public func close() async {
    (isOpen, generation) = (false, nil)
    for session in [target, guider, base] { await session.close() }
  }

  func begin() throws {
    guard isOpen else { throw EngineError.sessionClosed }
    try Task.checkCancellation()
    generation = nil
  }

  private func check(_ tokens: [Token]) throws {
    let size = model.tokenizer.vocabulary.size
    guard let stranger = tokens.first(where: { !(0..<size).contains(Int($0.rawValue)) }) else { return }
    throw EngineError.invalidParameter(
      name: "tokens", reason: "contain \(stranger), and the vocabulary has \(size) entries")
  }
}
