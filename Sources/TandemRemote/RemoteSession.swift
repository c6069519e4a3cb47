public import TandemInference

/// A sequence at a server: its token ids, the adapter's name, and a key by which a router finds the worker with its cache.
///
/// `extend(to:)` sends nothing: the next call sends all ids, and the server evaluates those that it does not hold. The
/// counters say what an engine in this process would have evaluated, and `counters.server` what the server did.
public actor RemoteSession: ScoringSession {
  let model: RemoteModel
  /// The model's name at the server, or that of an adapter.
  let serving: String
  /// The run that this session and its forks belong to.
  let run: String
  var cache = CacheAccounts()
  private var ownCounters = EngineCounters()
  private(set) var isOpen = true
  /// The server's reading ahead, if it does.
  var warmUp: Task<Void, Never>?
  /// The ends of calls that are still being read.
  private var settling: [Task<Void, Never>] = []
  /// The generation that runs.
  var generation: RemoteGeneration?
  /// The stream of the last generation, if the next one may take its tokens from there.
  var ahead: RemoteGeneration?

  init(_ model: RemoteModel, serving: String, run: String, cache: CacheAccounts = CacheAccounts()) {
    (self.model, self.serving, self.run, self.cache) = (model, serving, run, cache)
  }

  /// The session itself, if the server can do what the interface is for.
  public nonisolated func interface<Interface>(_ type: Interface.Type) -> Interface? {
    if type == (any ScoringSession).self, !model.capabilities.contains(.score) { return nil }
    if type == (any WarmingSession).self, !model.options.warmsUp { return nil }
    return self as? Interface
  }

  // Like an engine's, these two return nothing to a cancelled task.
  public var tokens: [Token] { Task.isCancelled || !isOpen ? [] : cache.tokens }
  public var counters: EngineCounters {
    get async {
      while !settling.isEmpty { await settling.removeFirst().value }
      return Task.isCancelled || !isOpen ? .init() : ownCounters
    }
  }

  @discardableResult
  public func extend(to tokens: [Token]) async throws -> Int {
    try begin()
    return try hold(tokens)
  }

  /// Makes the accounts hold `tokens`; the next call sends them.
  func hold(_ tokens: [Token]) throws(EngineError) -> Int {
    try check(tokens)
    guard tokens.count <= model.contextSize else {
      throw .contextFull(needed: tokens.count, capacity: model.contextSize)
    }
    let pending = cache.rewind(to: tokens)
    guard pending.count > 0 else { return 0 }
    evaluate(pending)
    cache.hold(tokens)
    return pending.count - pending.own
  }

  /// A session with the same ids. The server's cache is keyed by content, so it shares what is there already.
  public func fork() async throws -> RemoteSession {
    try begin()
    return RemoteSession(model, serving: serving, run: run, cache: cache)
  }

  public func close() async {
    stop()
    warmUp?.cancel()
    isOpen = false
  }

  // MARK: - Scoring

  public func logProbabilities(of candidates: [Token]) async throws -> [Float] {
    try begin()
    try check(candidates)
    try evaluateRow()
    guard !candidates.isEmpty else { return [] }
    return try await score([cache.tokens], [candidates])[0]
  }

  public func score(_ continuation: [Token]) async throws -> [Float] {
    try begin()
    try check(continuation)
    guard !continuation.isEmpty else { return [] }
    let (needed, capacity) = (cache.tokens.count + continuation.count, model.contextSize)
    guard needed <= capacity else { throw EngineError.contextFull(needed: needed, capacity: capacity) }
    var pending = try cache.pendingForRow()
    pending.count += continuation.count - 1
    if pending.count > 0 { evaluate(pending) }
    if pending.own > 0 { cache.evaluateRow(keepsRow: false) }
    let tokens = cache.tokens
    let prompts = continuation.indices.map { tokens + continuation[..<$0] }
    return try await score(prompts, continuation.map { [$0] }).map { $0[0] }
  }

  public func extend(by continuation: [Token]) async throws -> [Float] {
    let scores = try await score(continuation)
    if !continuation.isEmpty {
      evaluate(.init(count: 1))  // the last token, which a score has no use for
      cache.append(evaluated: continuation)
    }
    return scores
  }

  private func score(_ prompts: [[Token]], _ targets: [[Token]]) async throws -> [[Float]] {
    await finishWarmUp()
    let call = CompletionCall(model: serving, prompt: [], sampling: .greedy, seed: 0, limit: 1)
    var answers: [RemoteResponse] = []
    // In turn: each finds the one before it in the server's cache.
    for request in try model.dialect.scores(call, prompts, targets) {
      let began = ContinuousClock.now
      answers.append(try await send(request))
      let seconds = began.duration(to: .now) / .seconds(1)
      countServer {
        $0.calls += 1
        $0.seconds += seconds
        $0.secondsToFirstToken += seconds
      }
    }
    do {
      return try model.dialect.scores(from: answers, targets)
    } catch { throw EngineError.badResponse(server: model.transport.server, reason: error.reason) }
  }

  func send(_ request: RemoteRequest) async throws -> RemoteResponse {
    try await model.pool.enter(run)
    defer { model.pool.exit() }
    return try await model.transport.send(named(request))
  }

  /// The request with a name for the server's log and for routers.
  nonisolated func named(_ request: RemoteRequest) -> RemoteRequest {
    var named = request
    named.affinity = run
    return named
  }

  // MARK: - Accounts

  func begin() throws {
    guard isOpen else { throw EngineError.sessionClosed }
    try Task.checkCancellation()
    stopGenerating()
  }

  /// Ends what runs, and the stream that was left open for the next request.
  func stop() {
    stopGenerating()
    guard let open = ahead else { return }
    ahead = nil
    open.close()
    settle(open)
  }

  func stopGenerating() {
    guard let open = generation else { return }
    generation = nil
    open.close()
    settle(open)
  }

  func check(_ tokens: [Token]) throws(EngineError) {
    let size = model.tokenizer.vocabulary.size
    guard let stranger = tokens.first(where: { !(0..<size).contains(Int($0.rawValue)) }) else { return }
    throw .invalidParameter(name: "tokens", reason: "contain \(stranger), and there are \(size)")
  }

  /// Notes that the logits after the last token are known.
  func evaluateRow() throws(EngineError) {
    let pending = try cache.pendingForRow()
    guard pending.count > 0 else { return }
    evaluate(pending)
    cache.evaluateRow(keepsRow: generation?.hasSampled != true)
  }

  private func evaluate(_ pending: CacheAccounts.Pending) {
    count {
      $0.prefilled += pending.count - pending.own
      $0.decoded += pending.own
      $0.steps += 1
    }
  }

  func count(_ change: (inout EngineCounters) -> Void) {
    change(&ownCounters)
    model.count(change)
  }

  func countServer(_ change: (inout ServerCounters) -> Void) {
    count { counters in
      var server = counters.server ?? ServerCounters()
      change(&server)
      counters.server = server
    }
  }

  /// Lets a call end in the background; the counters wait for it.
  func later(_ end: @escaping @Sendable () async -> Void) { settling.append(Task { await end() }) }
}
