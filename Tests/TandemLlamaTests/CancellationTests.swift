import TandemInference
import TandemLlama
import Testing

@Suite struct `What nobody wants any more` {
  private func writing(_ gate: Checkpoint) -> GenerationRequest {
    var writing = request(200)
    writing.processors = [gate]
    return writing
  }

  /// An engine with room for one session, and that session, ready to write.
  private func ready() async throws -> (LlamaEngine, LlamaSession) {
    let engine = try await nanoEngine(sequences: 1)
    let session = try await engine.makeSession()
    try await session.extend(to: prompt(for: engine))
    return (engine, session)
  }

  private func expectIdle(_ engine: LlamaEngine, sampled: Int, _ location: SourceLocation = #_sourceLocation)
    async throws
  {
    try await eventually("the generation goes on", sourceLocation: location) {
      try await engine.workFromNowOn() == EngineCounters()
    }
    #expect(engine.counters.sampled <= sampled, sourceLocation: location)
  }

  @Test func `is no longer written when its task is cancelled`() async throws {
    let (engine, session) = try await ready()
    let gate = Checkpoint(at: [5])
    let request = writing(gate)
    let task = Task { try await session.sample(request) }
    try await gate.arrival()
    task.cancel()
    gate.release()
    await #expect(throws: CancellationError.self) { try await task.value }
    try await expectIdle(engine, sampled: 6)
    #expect(try await session.sample(TandemLlamaTests.request(2)).count == 2)
  }

  @Test func `is no longer written when the loop over it is left`() async throws {
    let (engine, session) = try await ready()
    let gate = Checkpoint(at: [5])
    for try await _ in session.generate(writing(gate)) {
      try await gate.arrival()
      break
    }
    gate.release()
    try await expectIdle(engine, sampled: 6)
    await session.close()
    _ = try await engine.makeSession()  // its place is free
  }

  @Test func `is no longer written when session and stream are dropped`() async throws {
    let engine = try await nanoEngine(sequences: 1)
    let gate = Checkpoint(at: [5])
    do {
      let session = try await engine.makeSession()
      try await session.extend(to: prompt(for: engine))
      let stream = session.generate(writing(gate))
      try await gate.arrival()
      withExtendedLifetime(stream) {}
    }
    gate.release()
    try await expectIdle(engine, sampled: 6)
    _ = try await engine.makeSession()
  }

  @Test func `is what nobody holds, and not what a loop still reads`() async throws {
    let engine = try await nanoEngine(sequences: 1)
    var tokens: [Token] = []
    func stream() async throws -> Generation {
      let session = try await engine.makeSession()
      try await session.extend(to: prompt(for: engine))
      return session.generate(request(50))
    }
    for try await sampled in try await stream() { tokens.append(sampled.token) }
    #expect(tokens.count == 50)
    _ = try await engine.makeSession()
  }

  @Test func `is no longer read in the middle of a prompt`() async throws {
    let engine = try await nanoEngine(contextSize: 512, sequences: 2, prefillChunk: 16)
    let (writer, reader) = (try await engine.makeSession(), try await engine.makeSession())
    try await writer.extend(to: prompt(for: engine))
    let before = engine.counters.prefilled
    let gate = Checkpoint(at: [2, 12])
    let stream = writer.generate(writing(gate))
    try await gate.arrival()
    let task = Task { try await reader.extend(to: noise(400)) }
    try await Task.sleep(for: .milliseconds(20))
    gate.release()
    try await gate.arrival()  // ten passes later: some chunks have been read
    let read = engine.counters.prefilled - before
    #expect((16...160).contains(read))
    task.cancel()
    gate.release()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(engine.counters.prefilled - before <= read + 16)
    let held = await reader.tokens
    #expect(held == Array(noise(400).prefix(held.count)))
    #expect(try await reader.extend(to: noise(400)) == 400 - held.count, "what was read is kept")
    var count = 0
    for try await _ in stream { count += 1 }
    #expect(count == 200, "the other session never noticed")
  }

  // Needs SmolLM2, which scripts/deps fetches: a nano model's pass is over too soon.
  @Test(.enabled(if: Models.smol != nil)) func `is abandoned in the middle of a pass`() async throws {
    let engine = try await LlamaEngine.load(
      try #require(Models.smol), LlamaParameters(contextSize: 2048, sequences: 1, batchSize: 2048))
    let session = try await engine.makeSession()
    let task = Task { try await session.extend(to: noise(2000)) }  // one pass of some seconds
    try await Task.sleep(for: .milliseconds(300))
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(engine.counters == EngineCounters(), "no pass has come to its end")
    #expect(await session.tokens.isEmpty)
    #expect(try await session.extend(to: noise(20)) == 20)
  }

  // Needs SmolLM2, as above.
  @Test(.enabled(if: Models.smol != nil)) func `is abandoned when the engine is closed`() async throws {
    let engine = try await LlamaEngine.load(
      try #require(Models.smol), LlamaParameters(contextSize: 2048, sequences: 1, batchSize: 2048))
    let session = try await engine.makeSession()
    let task = Task { try await session.extend(to: noise(2000)) }
    try await Task.sleep(for: .milliseconds(300))
    await engine.close()
    await #expect(throws: EngineError.sessionClosed) { try await task.value }
    #expect(engine.counters == EngineCounters())
  }

  @Test func `does not get a place that others wait for`() async throws {
    let (engine, session) = try await ready()
    let impatient = Task { try await engine.makeSession() }
    try await Task.sleep(for: .milliseconds(10))
    impatient.cancel()
    await #expect(throws: CancellationError.self) { try await impatient.value }
    await session.close()
    _ = try await engine.makeSession()
  }

  @Test func `is neither waited for nor lost when many give up at any moment`() async throws {
    let engine = try await nanoEngine(sequences: 2)
    let tokens = try prompt(for: engine)
    await withTaskGroup { group in
      for index in 0..<200 {
        group.addTask {
          let work = Task {
            let session = try await engine.makeSession()
            try await session.extend(to: tokens + noise(index % 50, seed: UInt64(index)))
            _ = try await session.score(noise(5))
            _ = try await session.sample(request(1 + index % 7))
            await session.close()
          }
          try? await Task.sleep(for: .microseconds(index * 37 % 9000))
          if index % 3 > 0 { work.cancel() }
          _ = await work.result
        }
      }
    }
    let (one, two) = (try await engine.makeSession(), try await engine.makeSession())
    try await one.extend(to: noise(256))
    try await two.extend(to: noise(256))  // no cell was lost
  }

  @Test func `leaves a session as it was when it only read`() async throws {
    let (engine, session) = try await ready()
    _ = try await session.sample(request(3))
    let tokens = await session.tokens
    for _ in 0..<50 {
      let tasks = [
        Task { _ = try await session.score(noise(200)) }, Task { _ = try await session.embedding() },
        Task { _ = try await session.logits() },
      ]
      await Task.yield()
      for task in tasks {
        task.cancel()
        _ = await task.result
      }
      try #require(await session.tokens == tokens)
    }
    #expect(engine.counters.decoded <= 3, "a token of its own is evaluated once as such")
  }
}
