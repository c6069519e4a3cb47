import TandemInference
import Testing

@testable import TandemLlama

@Suite struct `Cells of a shared cache` {
  @Test func `are waited for, and then it is an error`() async throws {
    let engine = try await nanoEngine(sequences: 3, cells: 256, patience: .milliseconds(150))
    let (holder, writer, reader) = (
      try await engine.makeSession(), try await engine.makeSession(), try await engine.makeSession()
    )
    try await holder.extend(to: noise(150))
    try await writer.extend(to: noise(10))
    // A generation goes on while a prompt waits, and what it frees is used.
    async let written = writer.sample(request(40))
    let error = EngineError.contextFull(needed: 200, capacity: 256)
    await #expect(throws: error) { try await reader.extend(to: noise(200)) }
    #expect(try await written.count == 40)
    #expect(await reader.tokens.isEmpty)
    #expect(try await reader.extend(to: noise(40)) == 40)
  }

  @Test func `are had by who waits as soon as another session ends`() async throws {
    let engine = try await nanoEngine(sequences: 2, cells: 256, patience: .seconds(60))
    let (holder, reader) = (try await engine.makeSession(), try await engine.makeSession())
    try await holder.extend(to: noise(150))
    let waiting = Task { try await reader.extend(to: noise(200)) }
    try await Task.sleep(for: .milliseconds(30))
    try await holder.extend(to: noise(40))  // a rewind frees some too
    #expect(try await waiting.value == 200)
  }

  @Test func `are never held by two halves of prompts`() async throws {
    let engine = try await nanoEngine(sequences: 3, cells: 256, prefillChunk: 16, patience: .milliseconds(150))
    let sessions = [try await engine.makeSession(), try await engine.makeSession()]
    let writer = try await engine.makeSession()
    try await writer.extend(to: noise(10))
    let gate = Checkpoint(at: [2])
    var writing = request(20)  // keeps the chunks small
    writing.processors = [gate]
    let stream = writer.generate(writing)
    try await gate.arrival()
    let tasks = sessions.map { session in Task { await code { try await session.extend(to: noise(150)) } } }
    try await Task.sleep(for: .milliseconds(20))
    gate.release()
    var codes: [String] = []
    for task in tasks { codes.append(await task.value) }
    #expect(codes.sorted() == ["context-full", "none"])
    for try await _ in stream {}
  }

  @Test func `are waited for no longer by many with adapters of their own`() async throws {
    let engine = try await nanoEngine(sequences: 3, cells: 256, patience: .milliseconds(150))
    let holder = try await engine.makeSession()
    try await holder.extend(to: noise(200))
    let tasks = [Float(1), 2].map { scale in
      Task {
        let session = try await engine.makeSession(adapter: Adapter(lora: [.init(path: Models.lora, scale: scale)]))
        try await session.extend(to: noise(100))
      }
    }
    for task in tasks {
      await #expect(throws: EngineError.contextFull(needed: 100, capacity: 256)) { try await task.value }
    }
  }

  @Test func `end a generation with an error, and what was written stays`() async throws {
    let engine = try await nanoEngine(sequences: 2, cells: 256, patience: .milliseconds(50))
    let (holder, writer) = (try await engine.makeSession(), try await engine.makeSession())
    try await holder.extend(to: noise(200))
    try await writer.extend(to: noise(40))
    var count = 0
    await #expect(throws: EngineError.contextFull(needed: 57, capacity: 256)) {
      for try await _ in writer.generate(request(100)) { count += 1 }
    }
    #expect(count == 17, "16 cells, and the last token needs none until something follows it")
    #expect(await writer.tokens.count == 57)
    await holder.close()
    #expect(try await writer.sample(request(10)).count == 10)
  }

  @Test func `are given back by a prompt that is cancelled half-way`() async throws {
    let engine = try await nanoEngine(sequences: 3, cells: 256, prefillChunk: 16, patience: .zero)
    let (writer, reader) = (try await engine.makeSession(), try await engine.makeSession())
    try await writer.extend(to: noise(10))
    let gate = Checkpoint(at: [2, 4])
    var writing = request(6)
    writing.processors = [gate]
    let stream = writer.generate(writing)
    try await gate.arrival()
    let task = Task { try await reader.extend(to: noise(200)) }
    try await Task.sleep(for: .milliseconds(20))
    gate.release()
    try await gate.arrival()
    task.cancel()
    gate.release()
    await #expect(throws: CancellationError.self) { try await task.value }
    for try await _ in stream {}
    #expect((16...48).contains(await reader.tokens.count))
    let other = try await engine.makeSession()
    #expect(try await other.extend(to: noise(180)) == 180)
  }

  @Test func `are not there for a score, and the session holds what it held`() async throws {
    let engine = try await nanoEngine(sequences: 2, cells: 256, patience: .zero)
    let (holder, session) = (try await engine.makeSession(), try await engine.makeSession())
    try await holder.extend(to: noise(200))
    try await session.extend(to: noise(20))
    _ = try await session.sample(request(5))  // leaves a token that is not evaluated
    let tokens = await session.tokens
    #expect(await code { _ = try await session.score(noise(100)) } == "context-full")
    #expect(await session.tokens == tokens)
    #expect(await code { try await session.extend(to: tokens + noise(100)) } == "context-full")
    #expect(await session.tokens == tokens)
    #expect(try await session.extend(to: tokens + [7]) == 1, "the waiting token is the session's own still")
  }

  @Test func `are shared by forks`() async throws {
    let engine = try await nanoEngine(sequences: 8, cells: 256, patience: .zero)
    let parent = try await engine.makeSession()
    try await parent.extend(to: noise(200))
    var forks: [LlamaSession] = []
    for _ in 0..<7 { forks.append(try await parent.fork()) }
    for fork in forks { #expect(try await fork.sample(request(8)).count == 8) }
    #expect(await code { try await forks[0].extend(to: noise(200) + noise(20)) } == "context-full")
    for fork in forks { await fork.close() }
    #expect(try await parent.extend(to: noise(200) + noise(56)) == 56)
  }
}

@Suite struct `The window of a session` {
  @Test func `refuses a prompt that is longer`() async throws {
    let engine = try await nanoEngine(contextSize: 64)
    let session = try await engine.makeSession()
    try await session.extend(to: noise(30))
    await #expect(throws: EngineError.contextFull(needed: 65, capacity: 64)) { try await session.extend(to: noise(65)) }
    #expect(await session.tokens == noise(30))
    #expect(try await session.extend(to: noise(64)) == 34)
    await #expect(throws: EngineError.contextFull(needed: 66, capacity: 64)) { try await session.score(noise(2)) }
  }

  @Test(arguments: CacheLayout.allCases)
  func `ends a generation that fills it`(cache: CacheLayout) async throws {
    let engine = try await nanoEngine(contextSize: 64, sequences: 2, cache: cache)
    let session = try await engine.makeSession()
    try await session.extend(to: noise(50))
    var written: [Token] = []
    await #expect(throws: EngineError.contextFull(needed: 65, capacity: 64)) {
      for try await sampled in session.generate(request(100)) { written.append(sampled.token) }
    }
    #expect(written.count == 14)
    #expect(await session.tokens == noise(50) + written)
    #expect(try await session.logits().count == 512)
    try await session.extend(to: noise(20))
    #expect(try await session.sample(request(10)).count == 10)
  }
}
