import Synchronization
import Tandem
import TandemInference
import TandemTesting
import Testing

@testable import TandemLlama

@Suite struct `A session that reads ahead` {
  private func engine(sequences: Int = 2) async throws -> LlamaEngine {
    var parameters = LlamaParameters(contextSize: 512, sequences: sequences, batchSize: 64, prefillChunk: 32)
    parameters.readsAhead = true
    return try await LlamaEngine.load(Models.nanoLarge, parameters)
  }

  @Test func `keeps the laws of a session`() async throws {
    let engine = try await engine(sequences: 4)
    #expect(try await checkSession(of: engine, tokens: try prompt(for: engine), tolerance: 0.05) == [])
  }

  @Test func `evaluates once what is asked for later, and counts it apart`() async throws {
    let engine = try await engine()
    let (ahead, plain) = (try await engine.makeSession(), try await engine.makeSession())
    let tokens = noise(200)
    for session in [ahead, plain] { try await session.extend(to: Array(tokens.prefix(20))) }
    ahead.warmUp(with: Array(tokens.prefix(60)))
    ahead.warmUp(with: Array(tokens.prefix(150)))  // more of the same
    // The engine is asked: whatever is asked of the session ends the reading.
    try await eventually("nothing is read ahead") { engine.counters.ahead > 0 }
    #expect(try await ahead.extend(to: tokens) < 180)
    try await plain.extend(to: tokens)
    #expect(await ahead.tokens == tokens)
    #expect(await ahead.counters.prefilled == 200)
    #expect(await plain.counters.ahead == 0)
    #expect(distance(try await ahead.logits(), try await plain.logits()) < 0.05)
    #expect(engine.counters.prefilled == 400)
  }

  @Test func `gives up what is not asked for, and what does not continue its tokens`() async throws {
    let engine = try await engine()
    let session = try await engine.makeSession()
    let start = noise(20)
    for seed in 2..<30 as Range<UInt64> {
      try await session.extend(to: start)
      session.warmUp(with: start + noise(300, seed: seed))
      let other = start + noise(10, seed: 1)
      try await session.extend(to: other)
      try #require(await session.tokens == other)
      session.warmUp(with: noise(40, seed: seed))
      #expect(try await session.sample(request(3)).count == 3)
    }
    let fresh = try await engine.makeSession()
    let tokens = await session.tokens
    try await fresh.extend(to: tokens)
    #expect(distance(try await session.logits(), try await fresh.logits()) < 0.05)
    session.warmUp(with: tokens + noise(200))
    await session.close()
    let (one, two) = (fresh, try await engine.makeSession())
    for session in [one, two] { try await session.extend(to: noise(512)) }
    #expect(await two.tokens.count == 512, "no cell was lost")
  }

  @Test func `is offered only by an engine that is to read ahead`() async throws {
    let quiet = try await nanoEngine()
    #expect(try await quiet.makeSession().interface((any WarmingSession).self) == nil)
    #expect(try await engine().makeSession().interface((any WarmingSession).self) != nil)
  }

  @Test func `does not change what a pair writes`() async throws {
    let small = try await nanoEngine(contextSize: 512)
    var usage: [Usage] = []
    var texts: [String] = []
    for large in [try await engine(), try await nanoEngine(Models.nanoLarge, contextSize: 512)] {
      let solver = Solver(
        small: Participant(small, sampling: .greedy), large: Participant(large, sampling: .greedy),
        budget: Budget(thinkingTokens: 120, answerTokens: 20))
      var strategy = RandomTakeover()
      (strategy.probability, strategy.takeoverTokens) = (0.3, 8)
      let events = Mutex<[TimedEvent]>([])
      let outcome = try await solver.solve(
        Problem(question: "Use 3, 8, 5, 10 to make 17."), with: strategy, seed: 3
      ) { event in events.withLock { $0.append(event) } }
      usage.append(outcome.usage)
      texts.append(Trace(events.withLock { $0 }).thoughts.map(\.text).joined())
    }
    #expect(texts[0] == texts[1])
    // The large model writes over some of what it has read ahead.
    let more = usage[0].large.prefilled - usage[1].large.prefilled
    #expect(more >= 0 && more <= usage[0].large.ahead)
    #expect(usage[1].large.ahead == 0)
  }
}
