import TandemInference
import TandemLlama
import Testing

@Suite struct `Scores` {
  @Test(arguments: [false, true])
  func `of more tokens than a pass has rows are those of one token after the other`(isDeterministic: Bool) async throws
  {
    // Two sequences: a pass gives 64 rows of logits.
    let engine = try await nanoEngine(
      contextSize: 512, sequences: 2, batchSize: 256, isDeterministic: isDeterministic)
    let session = try await engine.makeSession()
    let text = noise(200)
    try await session.extend(to: [1])
    let scores = try await session.score(text)
    var single: [Float] = []
    for index in text.indices {
      try await session.extend(to: [1] + text[..<index])
      single += try await session.logProbabilities(of: [text[index]])
    }
    #expect(distance(scores, single) < 0.05)
    #expect(Set(single).count > 100)
  }

  @Test func `are the same in the middle of a generation and beside one`() async throws {
    let engine = try await nanoEngine(contextSize: 512, sequences: 2)
    let (reader, writer) = (try await engine.makeSession(), try await engine.makeSession())
    try await reader.extend(to: prompt(for: engine))
    _ = try await reader.sample(request(10))  // leaves a token that is not evaluated
    try await writer.extend(to: prompt(for: engine))
    let alone = try await reader.score(noise(150))
    async let written = writer.sample(request(200))
    for _ in 0..<5 { #expect(distance(try await reader.score(noise(150)), alone) < 0.05) }
    #expect(try await written.count == 200)
    #expect(await reader.counters.decoded == 10, "the last token was evaluated as the session's own, and once")
  }
}

@Suite struct `A rewind` {
  @Test(arguments: CacheLayout.allCases)
  func `to the middle of what was written continues as from there`(cache: CacheLayout) async throws {
    let engine = try await nanoEngine(cache: cache)
    let session = try await engine.makeSession()
    let start = try prompt(for: engine)
    try await session.extend(to: start)
    let written = try await session.sample(request(40))
    let tokens = start + written.map(\.token)
    for cut in [start.count, start.count + 1, start.count + 20, tokens.count - 1] {
      #expect(try await session.extend(to: Array(tokens[..<cut])) == 0)
      let again = try await session.sample(request(tokens.count - cut))
      let first = written.suffix(tokens.count - cut)
      #expect(again.map(\.token) == first.map(\.token))
      #expect(distance(again.logProbabilities, first.logProbabilities) < 0.05)
    }
  }
}
