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
    var sessions: [LlamaSession] = []
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
    #expect(engine.tokenizer.decode([371]) == "Try")
  }
}
