import TandemInference
import TandemTesting
import Testing

@testable import TandemLlama

@Suite struct `A nano model that the other one speculates for` {
  private static let sampled = SamplingParameters(temperature: 0.8, topP: 0.95)

  private func pair(
    sequences: Int = 2, isDeterministic: Bool = false, cells: Int? = nil
  ) async throws -> (small: LlamaEngine, large: LlamaEngine) {
    (
      try await nanoEngine(sequences: sequences, isDeterministic: isDeterministic),
      try await nanoEngine(
        Models.nanoLarge, sequences: sequences, cells: cells, isDeterministic: isDeterministic)
    )
  }

  /// Problems like those that the pair was trained on.
  private func prompts(_ count: Int, for engine: LlamaEngine) throws -> [[Token]] {
    var generator = SplitMix64(seed: 12)
    return try (0..<count).map { _ in
      let numbers = (0..<4).map { _ in String(Int.random(in: 1...25, using: &generator)) }
      let target = Int.random(in: 10...99, using: &generator)
      return try prompt("Use \(numbers.joined(separator: ", ")) to make \(target).", for: engine)
    }
  }

  private func request(_ prompt: [Token], _ limit: Int, seed: UInt64, _ sampling: SamplingParameters)
    -> GenerationRequest
  {
    GenerationRequest(after: prompt, sampling: sampling, seed: seed, limit: limit)
  }

  @Test func `keeps the laws of a session`() async throws {
    let (small, large) = try await pair(sequences: 4)
    let tokens = try prompt(for: large)
    let cascade = try SpeculativeDecoding(draft: .lookup(), target: small, pacing: .always)
    for draft: SpeculativeDecoding.Draft in [.lookup(.init(match: 1...4)), .model(small), .model(cascade, .init(6))] {
      let model = try SpeculativeDecoding(draft: draft, target: large, pacing: .always)
      #expect(try await checkSession(of: model, tokens: tokens, tolerance: 0.05) == [])
    }
  }

  @Test func `keeps them in deterministic mode`() async throws {
    let (small, large) = try await pair(sequences: 4, isDeterministic: true)
    let model = try SpeculativeDecoding(draft: .model(small), target: large, pacing: .always)
    #expect(try await checkSession(of: model, tokens: try prompt(for: large), tolerance: 0.02) == [])
  }

  @Test func `writes the very same on 200 problems in deterministic mode`() async throws {
    let (small, large) = try await pair(isDeterministic: true)
    let cascade = try SpeculativeDecoding(draft: .lookup(), target: small, pacing: .always)
    let models = try [.lookup(), .model(small, .init(5)), .model(cascade, .init(5))].map {
      try SpeculativeDecoding(draft: $0, target: large, pacing: .always)
    }
    let alone = try await large.makeSession()
    for (index, prompt) in try prompts(200, for: large).enumerated() {
      let sampling = index % 2 == 0 ? SamplingParameters.greedy : Self.sampled
      let request = request(prompt, 30, seed: UInt64(index), sampling)
      let expected = try await alone.sample(request)
      let session = try await models[index % 4 == 3 ? 2 : index % 4 == 2 ? 0 : 1].makeSession()
      try #require(try await session.sample(request) == expected, "log-probabilities included")
      await session.close()
    }
    #expect(large.counters.proposals.rejected == 0, "nothing is evaluated that is not drawn")
    #expect(large.counters.proposals.accepted.count > 4)
  }

  @Test func `writes the very same in deterministic mode where drafts that don't pay are left out`() async throws {
    let (small, large) = try await pair(isDeterministic: true)
    let model = try SpeculativeDecoding(draft: .model(small), target: large, pacing: .measured)
    let (alone, together) = (try await large.makeSession(), try await model.makeSession())
    for (index, prompt) in try prompts(20, for: large).enumerated() {
      let request = request(prompt, 60, seed: UInt64(index), Self.sampled)
      try #require(try await alone.sample(request) == together.sample(request), "log-probabilities included")
    }
    #expect(large.counters.proposals.skipped > 0, "the first rounds of a session only measure what a pass takes")
  }

  @Test func `writes the same but for near ties where rows share a pass`() async throws {
    let (small, large) = try await pair()
    let model = try SpeculativeDecoding(draft: .model(small, .init(5)), target: large, pacing: .always)
    let (alone, together) = (try await large.makeSession(), try await model.makeSession())
    var differences = 0
    for (index, prompt) in try prompts(60, for: large).enumerated() {
      let request = request(prompt, 40, seed: 1, .greedy)
      let (one, two) = (try await alone.sample(request), try await together.sample(request))
      guard let place = zip(one, two).enumerated().first(where: { $1.0.token != $1.1.token })?.offset else {
        #expect(one.map(\.token) == two.map(\.token))
        continue
      }
      differences += 1
      #expect(distance([one[place]].logProbabilities, [two[place]].logProbabilities) < 0.01, "problem \(index)")
    }
    #expect(differences <= 2)
    let proposals = large.counters.proposals
    #expect(proposals.accepted[0] > proposals.proposed[0] / 2, "the small model is right more often than not")
    #expect(proposals.rejected > 0)
    #expect(large.counters.steps < large.counters.sampled * 3 / 4)
  }

  @Test func `takes turns and passes with others that write`() async throws {
    let (small, large) = try await pair(sequences: 8)
    let model = try SpeculativeDecoding(draft: .model(small, .init(16)), target: large, pacing: .always)
    let lookup = try SpeculativeDecoding(
      draft: .lookup(.init(match: 1...4, length: 30)), target: large, pacing: .always)
    let prompts = try prompts(8, for: large)
    var sessions: [any Session] = []
    for index in 0..<8 {
      let kind: any LanguageModel = [model, lookup, large][index % 3]
      sessions.append(try await kind.makeSession())
    }
    var streams: [Generation] = []
    for (index, session) in sessions.enumerated() {
      streams.append(session.generate(request(prompts[index], 70, seed: UInt64(index), .greedy)))
    }
    for (index, stream) in streams.enumerated() {
      let drawn = try await stream.reduce(into: []) { $0.append($1) }
      // Each token was the likeliest one of its own row, whatever else was in the pass.
      let tokens = prompts[index] + drawn.dropLast().map(\.token)
      #expect(Array(await sessions[index].tokens.dropLast()) == tokens)
      try await sessions[index].extend(to: prompts[index])
      let scorer = try #require(sessions[index].interface((any ScoringSession).self))
      let scores = try await scorer.score(drawn.map(\.token))
      #expect(distance(scores, drawn.logProbabilities) < 0.05)
    }
    #expect(large.counters.proposals.accepted.count > 8)
  }

  @Test func `shares passes with a prompt that is read, and never asks for more rows than there are`() async throws {
    let large = try await nanoEngine(Models.nanoLarge, sequences: 3, batchSize: 32, prefillChunk: 32)
    let writer = try await large.makeSession()
    var writing = request(try prompt(for: large), 120, seed: 0, .greedy)
    writing.ignoresEndOfGeneration = true
    let written = try await writer.sample(writing).map(\.token)
    writing.proposer = .immediate { context in Array(written[context.drawn...]) }
    let readers = [try await large.makeSession(), try await large.makeSession()]
    try await readers[1].extend(to: noise(20))
    let stream = writer.generate(writing)
    async let first = readers[0].extend(to: noise(200))
    async let second = readers[1].score(noise(100, seed: 3))
    #expect(try await first == 200)
    #expect(try await second.count == 100)
    #expect(try await stream.reduce(into: 0) { count, _ in count += 1 } == 120)
  }

  @Test func `does without the proposals that there are no cells for`() async throws {
    let large = try await nanoEngine(Models.nanoLarge, contextSize: 256, sequences: 2, cells: 256)
    let hoarder = try await large.makeSession()
    let writer = try await large.makeSession()
    let start = try prompt(for: large)
    var writing = request(start, 20, seed: 0, .greedy)
    let expected = try await writer.sample(writing).map(\.token)
    try await writer.extend(to: start)
    try await hoarder.extend(to: noise(256 - start.count - 19))
    // A proposal could be longer than the 19 cells that are free, and the generation is not.
    writing.limit = 60
    writing.stops = [.tokens(expected.suffix(12))]
    writing.proposer = .immediate { context in expected[context.drawn...] + Array(repeating: 9, count: 40) }
    let drawn = try await writer.sample(writing).map(\.token)
    #expect(drawn == expected)
    #expect(await writer.tokens == start + expected)
    #expect(large.counters.proposals.accepted.count > 10, "those that fit are used")
  }

  @Test func `stops within a pass when it is cancelled, and asks nobody any more`() async throws {
    let (small, large) = try await pair()
    let model = try SpeculativeDecoding(draft: .model(small), target: large, pacing: .always)
    let (session, plain) = (try await model.makeSession(), try await large.makeSession())
    let prompts = try prompts(40, for: large)
    for (index, prompt) in prompts.enumerated() {
      var request = request(prompt, 150, seed: UInt64(index), Self.sampled)
      request.ignoresEndOfGeneration = true
      let stream = session.generate(request)
      let task = Task { try await stream.reduce(into: 0) { count, _ in count += 1 } }
      try? await Task.sleep(for: .microseconds(index * 331 % 9000))
      task.cancel()
      _ = await task.result
      try await session.extend(to: prompt)
      try await plain.extend(to: prompt)
      let reader = try #require(session.interface((any LogitSession).self))
      try #require(try await distance(reader.logits(), plain.logits()) < 0.05, "no guess is left in the cache")
    }
    try await eventually("the draft goes on") { try await small.workFromNowOn() == EngineCounters() }
    #expect(try await large.workFromNowOn() == EngineCounters())
    #expect(try await session.sample(request(prompts[0], 5, seed: 0, .greedy)).count == 5)
    for session in [session, plain] as [any Session] { await session.close() }
    for engine in [small, large] {  // no place or cell was lost
      let sessions = [try await engine.makeSession(), try await engine.makeSession()]
      for session in sessions { try await session.extend(to: noise(256)) }
    }
  }

  @Test func `does not hold up others while a proposer thinks, and ends it with its generation`() async throws {
    let large = try await nanoEngine(Models.nanoLarge, sequences: 2)
    let (slow, quick) = (try await large.makeSession(), try await large.makeSession())
    let start = try prompt(for: large)
    let (isAsked, isEnded) = (CancellationFlag(), CancellationFlag())
    var thinking = request(start, 20, seed: 0, .greedy)
    thinking.proposer = .deferred { _ in
      isAsked.raise()
      do { try await Task.sleep(for: .seconds(3600)) } catch { isEnded.raise() }
      return []
    }
    let stream = slow.generate(thinking)
    let task = Task { try await stream.reduce(into: 0) { count, _ in count += 1 } }
    try await eventually("the proposer is not asked") { isAsked.isRaised }
    #expect(try await quick.sample(request(start, 20, seed: 0, .greedy)).count > 0)
    task.cancel()
    _ = await task.result
    try await eventually("the proposer thinks on") { isEnded.isRaised }
    thinking.proposer = nil
    #expect(try await slow.sample(thinking).map(\.token) == Array(quick.tokens.dropFirst(start.count)))
  }

  @Test func `counts every row of its passes`() async throws {
    let (small, large) = try await pair(sequences: 1)
    let model = try SpeculativeDecoding(draft: .model(small, .init(4)), target: large, pacing: .always)
    let session = try await model.makeSession()
    for (index, prompt) in try prompts(20, for: large).enumerated() {
      let stops: [StopCondition] = index % 2 == 0 ? [.text("\n\n")] : []
      var request = request(prompt, 50, seed: UInt64(index), Self.sampled)
      request.stops = stops
      let before = await session.counters
      let drawn = try await session.sample(request)
      let cost = await session.counters - before
      #expect(cost.sampled == drawn.count)
      #expect(cost.decoded == drawn.count - 1)
      // Of each pass but the prompt's, one row was certain.
      let (proposed, rows) = (cost.proposals.proposed.reduce(0, +), cost.decoded + cost.proposals.rejected)
      #expect(rows == proposed + cost.steps - 1)
    }
    #expect(await session.counters == large.counters)
  }

  @Test func `can be three models whose logits are added up`() async throws {
    let (small, large) = try await pair(sequences: 4)
    let model = try LogitArithmetic(target: large, guider: small, base: small)
    let tokens = try prompt(for: large)
    #expect(try await checkSession(of: model, tokens: tokens, tolerance: 0.05) == [])
    // What the small model has learned over itself is nothing: the large one is left.
    let (alone, together) = (try await large.makeSession(), try await model.makeSession())
    let request = request(tokens, 40, seed: 3, .greedy)
    #expect(try await alone.sample(request).map(\.token) == together.sample(request).map(\.token))
  }
}
