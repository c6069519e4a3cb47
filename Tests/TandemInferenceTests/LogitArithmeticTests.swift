import Synchronization
import TandemInference
import TandemTesting
import Testing

@Suite struct `Arithmetic of logits` {
  static let tokens = `The laws of a session`.tokens
  private static let size = ByteTokenizer().vocabulary.size

  private func model(_ name: String, salt: Int32, places: Int = 2) -> FunctionModel {
    let hashed = `The laws of a session`.hashed(Self.size)
    return FunctionModel(name: name, options: .init(contextSize: 300, places: places)) {
      hashed([Token(rawValue: salt)] + $0)
    }
  }

  private func composed(alpha: Float = 1, warmup: Int = 0) throws -> LogitArithmetic {
    try LogitArithmetic(
      target: model("target", salt: 1), guider: model("guider", salt: 2), base: model("base", salt: 3), alpha: alpha,
      warmup: warmup)
  }

  private func request(_ limit: Int, seed: UInt64 = 4) -> GenerationRequest {
    GenerationRequest(
      after: Self.tokens, sampling: .init(temperature: 1, topP: 0.9), seed: seed, limit: limit,
      ignoresEndOfGeneration: true)
  }

  @Test func `keeps the laws of a session`() async throws {
    let model = try composed()
    #expect(try await checkSession(of: model, tokens: Self.tokens) == [])
    for part in [model.target, model.guider, model.base] {
      #expect((part as? FunctionModel)?.openSessions == 0)
    }
  }

  @Test func `adds the difference of the guider and the base to the target's logits`() async throws {
    let session = try await composed(alpha: 0.5).makeSession()
    try await session.extend(to: Self.tokens)
    let hashed = `The laws of a session`.hashed(Self.size)
    let rows = (1...3).map { hashed([Token(rawValue: $0)] + Self.tokens) }
    let expected = rows[0].indices.map { rows[0][$0] + 0.5 * (rows[1][$0] - rows[2][$0]) }
    #expect(try await session.logits() == expected)
  }

  @Test func `samples as an engine samples from the same logits`() async throws {
    let rows = (1...3).map { salt in
      let hashed = `The laws of a session`.hashed(Self.size)
      return { @Sendable (tokens: [Token]) in hashed([Token(rawValue: Int32(salt))] + tokens) }
    }
    let sum = FunctionModel { tokens in
      let (target, guider, base) = (rows[0](tokens), rows[1](tokens), rows[2](tokens))
      return target.indices.map { target[$0] + 1 * (guider[$0] - base[$0]) }
    }
    var request = request(30)
    request.sampling.repetitionPenalty = 1.2
    request.processors = [TokenBan([65, 66])]
    (request.alternatives, request.watched) = (3, 5)
    let (one, three) = (try await sum.makeSession(), try await composed().makeSession())
    #expect(try await one.sample(request) == three.sample(request))
  }

  @Test func `is the target where the guider has learned nothing, or alpha is zero`() async throws {
    let target = model("target", salt: 1)
    let same = try LogitArithmetic(target: target, guider: model("a", salt: 2), base: model("b", salt: 2))
    for model in [same, try composed(alpha: 0)] {
      let (alone, together) = (try await target.makeSession(), try await model.makeSession())
      #expect(try await alone.sample(request(20)).map(\.token) == together.sample(request(20)).map(\.token))
      await alone.close()
    }
  }

  @Test func `asks nothing of the guider and the base where alpha is zero`() async throws {
    let model = try composed(alpha: 0)
    _ = try await model.makeSession().sample(request(5))
    #expect(model.guider.counters == EngineCounters() && model.base.counters == EngineCounters())
    #expect(model.evaluated.map(\.name) == ["target"])
    #expect(try composed().evaluated.map(\.name) == ["target", "guider", "base"])
  }

  @Test func `puts an adapter on the target alone`() async throws {
    let adapter = Adapter(lora: [.init(path: "a.gguf")])
    await #expect(throws: EngineError.self) { try await composed().makeSession(adapter: adapter) }
    let target = FunctionModel(
      name: "target", options: .init(capabilities: [.tokens, .logits, .score, .adapters])
    ) { _ in [1] }
    let model = try LogitArithmetic(target: target, guider: model("guider", salt: 2), base: model("base", salt: 3))
    #expect(model.capabilities.contains(.adapters) && !model.capabilities.contains(.controlVectors))
    let session = try await model.makeSession(adapter: adapter)
    await session.close()
  }

  @Test func `lets the target begin alone`() async throws {
    let target = model("target", salt: 1)
    let warm = try composed(warmup: 6)
    let (alone, session) = (try await target.makeSession(), try await warm.makeSession())
    let first = try await session.sample(request(6)).map(\.token)
    #expect(try await first == alone.sample(request(6)).map(\.token))
    #expect(warm.guider.counters.prefilled == 0, "the others need not follow yet")
    var next = request(1)
    next.prefix = nil
    _ = try await session.sample(next)
    #expect(warm.guider.counters.prefilled == Self.tokens.count + 6)
  }

  @Test func `ends when it is cancelled`() async throws {
    let model = try composed()
    let session = try await model.makeSession()
    var seen = 0
    for try await _ in session.generate(request(280)) {
      seen += 1
      if seen == 3 { break }
    }
    try await session.extend(to: Self.tokens)
    #expect(model.counters.sampled < 280)
    #expect(try await session.sample(request(2)).count == 2)
  }

  @Test func `knows what its target holds after a failure`() async throws {
    let fails = Mutex(false)
    let hashed = `The laws of a session`.hashed(Self.size)
    let options = MemoryOptions { _ in if fails.withLock({ $0 }) { throw EngineError.decodeFailed(code: 3) } }
    let target = FunctionModel(name: "target", options: options, logits: hashed)
    let model = try LogitArithmetic(target: target, guider: model("guider", salt: 2), base: model("base", salt: 3))
    let (session, fresh) = (try await model.makeSession(), try await model.makeSession())
    let other = Array(Self.tokens.prefix(4)) + [1, 2, 3]
    try await fresh.extend(to: Self.tokens)
    let expected = try await fresh.logits()
    _ = try await session.sample(request(3))
    fails.withLock { $0 = true }
    await #expect(throws: EngineError.decodeFailed(code: 3)) { try await session.extend(to: other) }
    fails.withLock { $0 = false }
    #expect(await session.tokens == Array(Self.tokens.prefix(4)))
    try await session.extend(to: Self.tokens)
    #expect(try await session.logits() == expected)
  }

  @Test func `refuses models that can't be added up`() throws {
    let target = model("target", salt: 1)
    let foreign = FunctionModel(tokenizer: .init(isReversed: true)) { _ in [] }
    let silent = FunctionModel(options: .init(capabilities: [.tokens])) { _ in [] }
    #expect(throws: EngineError.self) { try LogitArithmetic(target: target, guider: foreign, base: target) }
    #expect(throws: EngineError.self) { try LogitArithmetic(target: target, guider: target, base: foreign) }
    #expect(throws: EngineError.unsupported(capability: "logits", engine: "function")) {
      try LogitArithmetic(target: target, guider: silent, base: target)
    }
    #expect(throws: EngineError.self) { try composed(alpha: .nan) }
    #expect(throws: EngineError.self) { try composed(warmup: -1) }
  }
}
