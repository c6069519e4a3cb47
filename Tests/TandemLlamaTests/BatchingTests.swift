import TandemInference
import TandemLlama
import Testing

@Suite struct `Sessions that write at once` {
  /// What eight sessions write, one after the other or all at once.
  private func eight(_ engine: LlamaEngine, atOnce: Bool, sampling: SamplingParameters) async throws -> [[SampledToken]]
  {
    var sessions: [LlamaSession] = []
    for index in 0..<8 {
      sessions.append(try await engine.makeSession())
      try await sessions[index].extend(to: prompt("Use \(index + 2), 8, 5 to make \(20 + index).", for: engine))
    }
    var results: [[SampledToken]] = []
    if atOnce {
      // All jobs are in the inbox before the first token is read.
      let streams = sessions.enumerated().map { $1.generate(request(40, seed: UInt64($0), sampling: sampling)) }
      for stream in streams { results.append(try await stream.reduce(into: []) { $0.append($1) }) }
    } else {
      for (index, session) in sessions.enumerated() {
        results.append(try await session.sample(request(40, seed: UInt64(index), sampling: sampling)))
      }
    }
    for session in sessions { await session.close() }
    return results
  }

  @Test func `give the very same numbers as alone in deterministic mode`() async throws {
    let engine = try await nanoEngine(Models.nanoLarge, sequences: 8, isDeterministic: true)
    let sampling = SamplingParameters(temperature: 1, topP: 0.95)
    let alone = try await eight(engine, atOnce: false, sampling: sampling)
    #expect(try await eight(engine, atOnce: true, sampling: sampling) == alone)  // log-probabilities included
    #expect(Set(alone.map { $0.map(\.token) }).count == 8)
  }

  @Test(arguments: CacheLayout.allCases)
  func `differ from alone by rounding only when they share passes`(cache: CacheLayout) async throws {
    let engine = try await nanoEngine(Models.nanoLarge, sequences: 8, cache: cache)
    let alone = try await eight(engine, atOnce: false, sampling: .greedy)
    let before = engine.counters
    let together = try await eight(engine, atOnce: true, sampling: .greedy)
    for (single, batched) in zip(alone, together) {
      // One near-tie decided otherwise, and the rest is another text.
      let common = single.map(\.token).commonPrefixCount(with: batched.map(\.token))
      #expect(common >= 4)
      #expect(distance(single.prefix(common).logProbabilities, batched.prefix(common).logProbabilities) < 0.1)
    }
    let work = engine.counters - before
    #expect(work.sampled == 320)
    #expect(work.steps < 8 + 160, "320 tokens take \(work.steps) passes: hardly any are shared")
  }

  @Test func `are not stalled by a long prompt`() async throws {
    let engine = try await nanoEngine(contextSize: 512, sequences: 2, batchSize: 512, prefillChunk: 32)
    let (writer, reader) = (try await engine.makeSession(), try await engine.makeSession())
    try await writer.extend(to: prompt(for: engine))
    let (gate, recorder) = (Checkpoint(at: [3]), Recorder(engine))
    var writing = request(60)
    writing.processors = [gate, recorder]
    let stream = writer.generate(writing)
    try await gate.arrival()
    async let evaluated = reader.extend(to: noise(500))
    try await Task.sleep(for: .milliseconds(20))  // its job is in the inbox when the loop goes on
    gate.release()
    #expect(try await evaluated == 500)
    for try await _ in stream {}
    let passes = zip(recorder.counters, recorder.counters.dropFirst()).map { $1 - $0 }
    #expect(passes.allSatisfy { $0.decoded == 1 && $0.steps == 1 }, "a token in every pass")
    #expect(passes.map(\.prefilled).max() == 32, "a chunk at a time")
    #expect(passes.filter { $0.prefilled > 0 }.count == 16, "500 tokens in chunks of 32")
  }

  @Test func `each get their turn where they can't share a pass`() async throws {
    let engine = try await nanoEngine(sequences: 3)
    let plain = [try await engine.makeSession(), try await engine.makeSession()]
    let other = try await engine.makeSession(adapter: Adapter(lora: [.init(path: Models.lora)]))
    for session in plain + [other] { try await session.extend(to: prompt(for: engine)) }
    let gate = Checkpoint(at: [2])
    let recorder = Recorder(engine)
    var (held, noted) = (request(40), request(40))
    held.processors = [gate]
    noted.processors = [recorder]
    let first = plain[0].generate(held)
    try await gate.arrival()
    let streams = [first, plain[1].generate(request(40)), other.generate(noted)]
    gate.release()
    for stream in streams { for try await _ in stream {} }
    let between = zip(recorder.counters, recorder.counters.dropFirst()).map { ($1 - $0).steps }
    #expect(between.dropFirst().prefix(30).allSatisfy { $0 == 2 }, "the one with the adapter has every second pass")
  }

  @Test func `are told of tokens at once when they are slow to come`() async throws {
    let engine = try await nanoEngine()
    let session = try await engine.makeSession()
    try await session.extend(to: prompt(for: engine))
    let gate = Checkpoint(at: [2])
    var writing = request(5)
    writing.processors = [gate]
    var tokens = session.generate(writing).makeAsyncIterator()
    try await gate.arrival()
    #expect(try await tokens.next() != nil, "the first token is there while the second is still being drawn")
    gate.release()
    while try await tokens.next() != nil {}
  }

  @Test func `have been counted when the last token is heard of`() async throws {
    let engine = try await nanoEngine()
    let session = try await engine.makeSession()
    try await session.extend(to: prompt(for: engine))
    for round in 1...200 {
      _ = try await session.sample(request(1))
      try #require(engine.counters.sampled == round)
      try await session.extend(to: prompt(for: engine))
    }
  }
}
