import TandemInference
import TandemLlama
import Testing

@Suite struct `A saved session` {
  /// A session in the middle of a text, its last token sampled and not evaluated.
  private func midway(_ engine: LlamaEngine) async throws -> LlamaSession {
    let session = try await engine.makeSession()
    try await session.extend(to: prompt(for: engine))
    _ = try await session.sample(request(20))
    return session
  }

  @Test(arguments: [false, true])
  func `continues in another session and another engine as if nothing had been`(isDeterministic: Bool) async throws {
    let engine = try await nanoEngine(isDeterministic: isDeterministic)
    let session = try await midway(engine)
    let state = try await session.save()
    let expected = try await session.sample(request(20))
    for target in [engine, try await nanoEngine(sequences: 4, isDeterministic: isDeterministic)] {
      let other = try await target.makeSession()
      try await other.extend(to: noise(50))
      try await other.restore(state)
      let before = target.counters
      let sampled = try await other.sample(request(20))
      #expect(sampled.map(\.token) == expected.map(\.token))
      #expect(distance(sampled.logProbabilities, expected.logProbabilities) < 0.02)
      #expect((target.counters - before).prefilled == 0)
      await other.close()
    }
  }

  @Test func `is its own also right after a fork`() async throws {
    // In caches side by side, llama.cpp copies at the next pass; a child that is saved before that must be whole.
    let engine = try await nanoEngine(isDeterministic: true)
    let parent = try await midway(engine)
    let child = try await parent.fork()
    let state = try await child.save()
    let restored = try await engine.makeSession()
    let late = try await parent.fork()
    try await late.restore(try await restoredNoise(engine))
    try await restored.restore(state)
    let expected = try await parent.sample(request(20))
    #expect(try await restored.sample(request(20)) == expected)
    #expect(try await child.sample(request(20)) == expected)
    #expect(await late.tokens == noise(60))
    let fresh = try await parentless(engine, [restored, child])
    #expect(distance(try await late.logits(), try await fresh.logits()) < 0.02)
  }

  private func restoredNoise(_ engine: LlamaEngine) async throws -> SessionState {
    let other = try await nanoEngine(isDeterministic: true)
    let session = try await other.makeSession()
    try await session.extend(to: noise(60))
    return try await session.save()
  }

  private func parentless(_ engine: LlamaEngine, _ closing: [LlamaSession]) async throws -> LlamaSession {
    for session in closing { await session.close() }
    let session = try await engine.makeSession()
    try await session.extend(to: noise(60))
    return session
  }

  @Test func `is refused by another model, adapter or kind of cache`() async throws {
    let engine = try await nanoEngine()
    let state = try await midway(engine).save()
    let adapter = Adapter(lora: [.init(path: Models.lora)])
    let others: [LlamaSession] = [
      try await nanoEngine(Models.nanoLarge).makeSession(), try await engine.makeSession(adapter: adapter),
      try await nanoEngine(cache: .separate).makeSession(),
    ]
    for other in others {
      try await other.extend(to: noise(10))
      #expect(await code { try await other.restore(state) } == "invalid-state")
      #expect(await other.tokens.isEmpty)
      #expect(try await other.extend(to: noise(20)) == 20)
    }
  }

  @Test func `is refused when it is damaged anywhere`() async throws {
    let engine = try await nanoEngine(contextSize: 64)
    let saver = try await engine.makeSession()
    try await saver.extend(to: noise(12))
    let state = try await saver.save()
    let session = try await engine.makeSession()
    var generator = SplitMix64(seed: 5)
    for round in 0..<400 {
      var bytes = state.bytes
      switch round % 4 {
      case 0: bytes = Array(bytes.prefix(bytes.count * round / 400))
      case 1: bytes += [UInt8(truncatingIfNeeded: round)]
      // The first words are counts and positions, and all that llama.cpp reads more into than numbers.
      default:
        bytes[Int.random(in: 0..<(round < 200 ? 200 : bytes.count), using: &generator)] ^= UInt8(1 << (round % 8))
      }
      let damaged = SessionState(model: state.model, adapter: nil, tokens: state.tokens, bytes: bytes)
      try #require(await code { try await session.restore(damaged) } == "invalid-state", "round \(round)")
      try #require(await session.tokens.isEmpty)
    }
    let other = SessionState(model: state.model, adapter: nil, tokens: noise(12, seed: 9), bytes: state.bytes)
    #expect(await code { try await session.restore(other) } == "invalid-state", "tokens of another state")
    try await session.restore(state)
    #expect(distance(try await session.logits(), try await saver.logits()) < 0.02)
    try await saver.extend(to: noise(64))
    #expect(try await session.extend(to: noise(64)) == 52)  // no cell was lost
  }

  @Test func `is refused where there are no cells for it`() async throws {
    let engine = try await nanoEngine(sequences: 2, cells: 256)
    let (holder, session) = (try await engine.makeSession(), try await engine.makeSession())
    try await holder.extend(to: noise(200))
    let state = try await holder.save()
    #expect(await code { try await session.restore(state) } == "context-full")
    try await holder.extend(to: [])
    try await session.restore(state)
    #expect(await session.tokens == noise(200))
  }
}

@Suite struct `A session's hidden state` {
  @Test func `is there for its last token while others write`() async throws {
    let engine = try await nanoEngine(contextSize: 512)
    let (writer, reader) = (try await engine.makeSession(), try await engine.makeSession())
    try await writer.extend(to: prompt(for: engine))
    try await reader.extend(to: noise(20))
    let logits = try await reader.logits()
    let alone = try await reader.embedding()
    async let written = writer.sample(request(300)).map(\.token)
    for _ in 0..<20 { #expect(distance(try await reader.embedding(), alone) < 0.05) }
    #expect(alone.count == 64)
    #expect(alone.contains { abs($0) > 0.1 })
    #expect(distance(try await reader.logits(), logits) < 0.1)
    #expect(await reader.tokens == noise(20))
    let undisturbed = try await nanoEngine(contextSize: 512).makeSession()
    try await undisturbed.extend(to: prompt(for: engine))
    let expected = try await undisturbed.sample(request(300)).map(\.token)
    #expect(try await written.commonPrefixCount(with: expected) > 20)
  }

  @Test func `is another one after another token`() async throws {
    let engine = try await nanoEngine()
    let session = try await engine.makeSession()
    try await session.extend(to: noise(20))
    let first = try await session.embedding()
    try await session.extend(to: noise(21))
    #expect(distance(try await session.embedding(), first) > 0.1)
  }
}
