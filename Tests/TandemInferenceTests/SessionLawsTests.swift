import TandemInference
import TandemTesting
import Testing

@Suite struct `The laws of a session` {
  static let tokens = Array("Two and two".utf8).map { Token(rawValue: Int32($0)) }

  /// Logits that depend on every token before: any mistake of the cache shows.
  static func hashed(_ size: Int) -> @Sendable ([Token]) -> [Float] {
    { tokens in
      var generator = SplitMix64(seed: tokens.reduce(1) { ($0 &* 31) &+ UInt64(UInt32(bitPattern: $1.rawValue)) })
      return (0..<size).map { _ in generator.uniform() * 4 }
    }
  }

  private func model(_ options: MemoryOptions = .init(contextSize: 300, places: 2)) -> FunctionModel {
    FunctionModel(options: options, logits: Self.hashed(ByteTokenizer().vocabulary.size))
  }

  @Test func `are kept by sessions in memory`() async throws {
    let model = model()
    #expect(try await checkSession(of: model, tokens: Self.tokens) == [])
    #expect(model.openSessions == 0)
  }

  @Test func `are left out where a model lacks what they are about`() async throws {
    let model = model(.init(capabilities: [], contextSize: 300, places: 2))
    #expect(try await checkSession(of: model, tokens: Self.tokens) == [])
    #expect(model.openSessions == 0)
  }

  @Test func `want enough tokens to tell a part from the whole`() async throws {
    await #expect(throws: EngineError.self) { try await checkSession(of: model(), tokens: [1, 2]) }
  }

  @Test(arguments: Lie.allCases)
  func `show a session that breaks them`(lie: Lie) async throws {
    let broken = try await checkSession(of: LyingModel(honest: model(), lie: lie), tokens: Self.tokens)
    #expect(broken.contains { $0.hasPrefix(lie.rawValue) }, "\(broken)")
  }
}

/// What a session may do wrong, by a law that must notice.
enum Lie: String, CaseIterable, Sendable {
  case forgetsToRewind = "extending to less drops the rest"
  case evaluatesTwice = "extending twice to the same tokens evaluates nothing the second time"
  case mixesRows = "after a rewind the logits are those of a fresh prefill"
  case sharesForks = "a fork goes its own way"
  case scoresWrong = "a score is the log-probabilities one by one"
  case ignoresSeeds = "the same seed draws the same tokens, another seed others"
  case writesTooMuch = "only the last token has a stop reason"
  case swallowsStops = "a stop token ends the generation and is its last token"
  case looksBeyond = "a bound on entropy ends the generation with the token that crosses it"
  case staysOpen = "closing twice is closing once, and nothing is answered afterwards"
  case losesCounts = "the counters add up"
  case believesProposals = "what is proposed changes nothing that is drawn"
  case forgetsState = "a restored session goes on where the saved one was"
}

private struct LyingModel: LanguageModel {
  let honest: FunctionModel
  let lie: Lie

  var name: String { honest.name }
  var capabilities: EngineCapabilities { honest.capabilities }
  var tokenizer: any Tokenizer { honest.tokenizer }
  var template: any ChatTemplate { honest.template }
  var contextSize: Int { honest.contextSize }
  var counters: EngineCounters { honest.counters }

  func makeSession(adapter: Adapter?) async throws -> LyingSession {
    LyingSession(honest: try await honest.makeSession(adapter: adapter), lie: lie)
  }
}

private struct LyingSession: LogitSession, StateSession {
  let honest: MemorySession
  let lie: Lie

  var tokens: [Token] { get async { await honest.tokens } }

  var counters: EngineCounters {
    get async {
      var counters = await honest.counters
      if lie == .losesCounts { counters.decoded = 0 }
      return counters
    }
  }

  func extend(to tokens: [Token]) async throws -> Int {
    let held = await honest.tokens
    if lie == .forgetsToRewind, held.starts(with: tokens) { return 0 }
    if lie == .evaluatesTwice, held == tokens { try await honest.extend(to: []) }
    return try await honest.extend(to: tokens)
  }

  func generate(_ request: GenerationRequest) -> Generation {
    var request = request
    if lie == .ignoresSeeds { request.seed = 1 }
    if lie == .believesProposals, request.proposer != nil { request.seed += 1 }
    if lie == .swallowsStops { request.stops = [] }
    if lie == .looksBeyond, request.stops.contains(where: \.isEntropy) { request.stops = [] }
    if lie == .writesTooMuch { request.limit += 1 }
    return honest.generate(request)
  }

  func logProbabilities(of candidates: [Token]) async throws -> [Float] {
    try await honest.logProbabilities(of: candidates)
  }

  func logits() async throws -> [Float] {
    let row = try await honest.logits()
    let wasLonger = await honest.counters.prefilled > honest.tokens.count
    return lie == .mixesRows && wasLonger ? row.reversed() : row
  }

  func score(_ continuation: [Token]) async throws -> [Float] {
    let scores = try await honest.score(continuation)
    return lie == .scoresWrong ? scores.reversed() : scores
  }

  func fork() async throws -> LyingSession {
    lie == .sharesForks ? self : LyingSession(honest: try await honest.fork(), lie: lie)
  }

  func save() async throws -> SessionState { try await honest.save() }

  func restore(_ state: SessionState) async throws {
    if lie != .forgetsState { try await honest.restore(state) }
  }

  func close() async {
    if lie != .staysOpen { await honest.close() }
  }
}

extension StopCondition {
  fileprivate var isEntropy: Bool { if case .entropy = self { true } else { false } }
}
