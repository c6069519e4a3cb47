import Synchronization
import TandemInference
import Testing

@testable import TandemLlama

@Suite struct `Places in an engine` {
  private final class Order: Sendable {
    let indices = Mutex<[Int]>([])
  }

  @Test func `are waited for first come first served`() async throws {
    let engine = try await nanoEngine(sequences: 1)
    let first = try await engine.makeSession()
    let order = Order()
    var tasks: [Task<Void, any Error>] = []
    for index in 0..<4 {
      tasks.append(
        Task {
          let session = try await engine.makeSession()
          order.indices.withLock { $0.append(index) }
          await session.close()
        })
      try await Task.sleep(for: .milliseconds(30))
    }
    await first.close()
    for task in tasks { try await task.value }
    #expect(order.indices.withLock(\.self) == [0, 1, 2, 3])
  }

  @Test func `are refused at once where nobody may wait`() async throws {
    let engine = try await nanoEngine(sequences: 1, waiting: 0)
    let session = try await engine.makeSession()
    await #expect(throws: EngineError.busy(sequences: 1, waiting: 0)) { try await engine.makeSession() }
    await session.close()
    _ = try await engine.makeSession()
  }

  @Test func `are refused to the latest where too many wait`() async throws {
    let engine = try await nanoEngine(sequences: 1, waiting: 1)
    let session = try await engine.makeSession()
    let patient = Task { try await engine.makeSession() }
    try await Task.sleep(for: .milliseconds(30))
    await #expect(throws: EngineError.busy(sequences: 1, waiting: 1)) { try await engine.makeSession() }
    await session.close()
    _ = try await patient.value
  }

  @Test func `are refused to forks at once`() async throws {
    let engine = try await nanoEngine(sequences: 2)
    let session = try await engine.makeSession()
    try await session.extend(to: noise(20))
    let fork = try await session.fork()
    await #expect(throws: EngineError.busy(sequences: 2, waiting: 0)) { try await session.fork() }
    await fork.close()
    _ = try await session.fork()
  }

  @Test func `are not taken from the next tenant by closing twice`() async throws {
    let engine = try await nanoEngine(sequences: 1)
    let old = try await engine.makeSession()
    await old.close()
    let new = try await engine.makeSession()
    try await new.extend(to: noise(20))
    await old.close()
    await #expect(throws: EngineError.sessionClosed) { try await old.extend(to: noise(5)) }
    #expect(await new.tokens == noise(20))
  }

  @Test func `are given back by a dropped session`() async throws {
    let engine = try await nanoEngine(sequences: 1, waiting: 0)
    for _ in 0..<100 {
      do { try await engine.makeSession().extend(to: noise(30)) }
      // Dropping does not wait as closing does, but what is asked for later comes later.
      _ = try await engine.makeSession()
    }
  }

  @Test func `can be two hundred and fifty-six`() async throws {
    let engine = try await LlamaEngine.load(
      Models.nanoSmall, LlamaParameters(contextSize: 32, sequences: 256, batchSize: 256, prefillChunk: 256, waiting: 0))
    var sessions: [any Session] = []
    for index in 0..<256 {
      sessions.append(try await engine.makeSession())
      try await sessions[index].extend(to: noise(8, seed: UInt64(index)))
    }
    #expect(await code { _ = try await engine.makeSession() } == "busy")
    let streams = sessions.map { $0.generate(request(8)) }
    for stream in streams { #expect(try await stream.reduce(0) { count, _ in count + 1 } == 8) }
  }

  @Test func `end with the engine`() async throws {
    let engine = try await nanoEngine(sequences: 1)
    let session = try await engine.makeSession()
    try await session.extend(to: noise(10))
    let waiting = Task { try await engine.makeSession() }
    let stream = session.generate(request(200))
    try await Task.sleep(for: .milliseconds(5))
    await engine.close()
    await engine.close()
    await #expect(throws: EngineError.sessionClosed) { try await waiting.value }
    await #expect(throws: EngineError.sessionClosed) { try await session.extend(to: []) }
    await #expect(throws: EngineError.sessionClosed) { try await engine.makeSession() }
    _ = await code { for try await _ in stream {} }  // to its end or not, but it ends
    await session.close()
    #expect(engine.tokenizer.decode([282]) == "Try")
  }
}

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
    #expect(engine.counters.steps <= 20)
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

  @Test func `are shared by forks`() async throws {
    let engine = try await nanoEngine(sequences: 8, cells: 256, patience: .zero)
    let parent = try await engine.makeSession()
    try await parent.extend(to: noise(200))
    var forks: [any Session] = []
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

  @Test(arguments: LlamaParameters.Cache.allCases)
  func `ends a generation that fills it`(cache: LlamaParameters.Cache) async throws {
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
