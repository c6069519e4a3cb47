import Synchronization
import TandemInference
import TandemTesting
import Testing

@Suite struct `Speculative decoding` {
  static let tokens = `The laws of a session`.tokens
  private let options = MemoryOptions(contextSize: 300, places: 3)

  private func target(_ options: MemoryOptions) -> FunctionModel {
    FunctionModel(
      name: "target", options: options, logits: `The laws of a session`.hashed(ByteTokenizer().vocabulary.size))
  }

  /// Agrees with the target about half of the time.
  private func draft(_ options: MemoryOptions = .init(contextSize: 300, places: 3)) -> FunctionModel {
    let honest = `The laws of a session`.hashed(ByteTokenizer().vocabulary.size)
    return FunctionModel(name: "draft", options: options) { tokens in
      let row = honest(tokens)
      return tokens.count % 2 == 0 ? row : row.reversed()
    }
  }

  /// Composed in each way there is.
  private func composed(_ target: FunctionModel) throws -> [SpeculativeDecoding] {
    let cascade = try SpeculativeDecoding(draft: .lookup(.init(match: 1...3)), target: draft(), pacing: .always)
    let prices = DraftPrices(token: 0.1, row: 0.1)
    return [
      try SpeculativeDecoding(draft: .lookup(.init(match: 1...3)), target: target, pacing: .always),
      try SpeculativeDecoding(draft: .model(draft(), .init(3)), target: target, pacing: .always),
      try SpeculativeDecoding(draft: .model(draft(), .init(8, entropyLimit: 4)), target: target, pacing: .always),
      try SpeculativeDecoding(draft: .model(cascade, .init(3)), target: target, pacing: .always),
      try SpeculativeDecoding(draft: .model(draft(), .init(3)), target: target, pacing: .priced(prices)),
      try SpeculativeDecoding(draft: .lookup(.init(match: 1...3)), target: target, pacing: .priced(prices)),
    ]
  }

  private func request(_ limit: Int, seed: UInt64 = 1, _ sampling: SamplingParameters = .init(temperature: 1, topP: 1))
    -> GenerationRequest
  {
    GenerationRequest(after: Self.tokens, sampling: sampling, seed: seed, limit: limit, ignoresEndOfGeneration: true)
  }

  @Test func `keeps the laws of a session`() async throws {
    for place in 0..<6 {
      let target = target(options)
      let model = try composed(target)[place]
      #expect(try await checkSession(of: model, tokens: Self.tokens) == [])
      #expect(target.openSessions == 0)
    }
  }

  @Test func `writes what the target writes, whatever the sampling`() async throws {
    let target = target(options)
    var greedy = request(30, .greedy)
    var penalised = request(30, .init(temperature: 0.8, topK: 30, repetitionPenalty: 1.3))
    penalised.processors = [TokenBan(Self.tokens)]
    (penalised.alternatives, penalised.watched) = (2, 7)
    greedy.watched = 9
    let requests = [greedy, penalised] + (0..<4).map { request(30, seed: $0) }
    for model in try composed(target) {
      for request in requests {
        let (alone, together) = (try await target.makeSession(), try await model.makeSession())
        #expect(try await alone.sample(request) == together.sample(request))
        await alone.close()
        await together.close()
      }
      #expect(model.counters.proposals.rejected > 0, "what was proposed was not all right")
    }
  }

  @Test func `draws from the target's distribution, and not from the draft's`() async throws {
    let words: [String: Float] = ["a": 5, "b": 3, "c": 2]
    let target = FunctionModel.table(["": words, "a": ["a": 1, "b": 6, "c": 3]], name: "target")
    let draft = FunctionModel.table(["": ["a": 1, "b": 1, "c": 8]], name: "draft")
    let model = try SpeculativeDecoding(draft: .model(draft, .init(3)), target: target, pacing: .always)
    let session = try await model.makeSession()
    let start = try target.tokenizer.encode("c", control: .asText)
    var counts: [String: Int] = [:]
    for seed in 0..<2000 {
      let drawn = try await session.sample(
        GenerationRequest(
          after: start, sampling: .init(temperature: 1, topP: 1), seed: SplitMix64.derive(5, UInt64(seed)), limit: 3))
      counts[target.tokenizer.decode(drawn.map(\.token)), default: 0] += 1
    }
    var expected: [String: Double] = [:]
    func next(_ before: Character) -> [(Character, Double)] {
      before == "a" ? [("a", 0.1), ("b", 0.6), ("c", 0.3)] : [("a", 0.5), ("b", 0.3), ("c", 0.2)]
    }
    for (one, p) in next("c") {
      for (two, q) in next(one) { for (three, r) in next(two) { expected[String([one, two, three])] = p * q * r } }
    }
    let test = ChiSquare(counts, expected: expected)
    #expect(test.fits, "\(test)")
    let proposals = model.counters.proposals
    #expect(proposals.accepted[0] > 500 && proposals.rejected > 500, "the draft is right at times, and wrong at others")
  }

  @Test func `draws a draft with the numbers that the target will draw with`() async throws {
    let target = target(options)
    let model = try SpeculativeDecoding(draft: .model(self.target(options), .init(4)), target: target, pacing: .always)
    let session = try await model.makeSession()
    _ = try await session.sample(request(50, .init(temperature: 1, topP: 0.9)))
    let proposals = model.counters.proposals
    #expect(proposals.rejected == 0)
    #expect(proposals.accepted == proposals.proposed, "two equal models agree always, though they sample")
    #expect(target.counters.steps < 15)
  }

  @Test func `ends a draft where the draft model is not sure`() async throws {
    // Nearly certain at first, and then not at all.
    let size = ByteTokenizer().vocabulary.size
    let unsure = FunctionModel(name: "unsure") { tokens in
      var row = [Float](repeating: 0, count: size)
      if tokens.count < Self.tokens.count + 3 { row[tokens.count] = 30 }
      return row
    }
    let model = try SpeculativeDecoding(
      draft: .model(unsure, .init(8, entropyLimit: 1)), target: target(options), pacing: .always)
    let session = try await model.makeSession()
    _ = try await session.sample(request(20, .greedy))
    #expect(model.counters.proposals.proposed.count == 3, "the unsure token is the last one")
  }

  @Test func `leaves a session with nothing of the draft in it`() async throws {
    let target = target(options)
    for model in try composed(target) {
      let session = try await model.makeSession()
      let drawn = try await session.sample(request(17)).map(\.token)
      #expect(await session.tokens == Self.tokens + drawn)
      let child = try await session.fork()
      let plain = try await target.makeSession()
      try await plain.extend(to: Self.tokens + drawn)
      let (reader, scorer) = (child.interface((any LogitSession).self), session.interface((any ScoringSession).self))
      #expect(try await reader?.logits() == plain.logits())
      #expect(try await scorer?.score(drawn) == plain.score(drawn))
      #expect(try await child.sample(request(9, seed: 3)) == plain.sample(request(9, seed: 3)))
      for session in [session, child, plain] as [any Session] { await session.close() }
    }
  }

  @Test func `continues alone beyond the window of its draft`() async throws {
    let target = target(options)
    let short = draft(.init(contextSize: Self.tokens.count + 10, places: 1))
    let model = try SpeculativeDecoding(draft: .model(short, .init(4)), target: target, pacing: .always)
    let (alone, together) = (try await target.makeSession(), try await model.makeSession())
    #expect(try await together.sample(request(60)) == alone.sample(request(60)))
    #expect(model.counters.proposals.proposed[0] > 2)
    #expect(short.counters.sampled <= 20)
  }

  @Test func `fills a window to the same token as its target`() async throws {
    let target = target(.init(contextSize: Self.tokens.count + 9, places: 2))
    for model in try composed(target) {
      let (alone, together) = (try await target.makeSession(), try await model.makeSession())
      for session in [alone, together] as [any Session] {
        await #expect(throws: EngineError.contextFull(needed: target.contextSize + 1, capacity: target.contextSize)) {
          try await session.sample(request(60))
        }
      }
      #expect(await together.tokens == alone.tokens)
      await alone.close()
      await together.close()
    }
  }

  @Test func `ends where its target ends, though more was proposed`() async throws {
    let tokenizer = ByteTokenizer()
    let script = try tokenizer.encode("One and two and three.</think>Six.<|im_end|> One and two", control: .recognised)
    // Position by position, so that a draft goes on wherever its target stands.
    func model(_ name: String) -> FunctionModel {
      FunctionModel(name: name, tokenizer: tokenizer) { tokens in
        var row = [Float](repeating: -100, count: tokenizer.vocabulary.size)
        row[Int(script[(tokens.count - 1) % script.count].rawValue)] = 0
        return row
      }
    }
    func expect(_ request: GenerationRequest, _ text: String, _ stop: StopReason) async throws {
      let target = model("target")
      let speculative = try SpeculativeDecoding(
        draft: .model(model("draft"), .init(60)), target: target, pacing: .always)
      let drawn = try await speculative.makeSession().sample(request)
      #expect(tokenizer.decode(drawn.map(\.token)) == text)
      #expect(drawn.last?.stop == stop)
      #expect(target.counters.sampled == drawn.count)
      #expect(target.counters.decoded == drawn.count - 1)
      #expect(target.counters.steps == 2, "all in one pass after the prompt")
    }
    let prompt = [script[0]]
    try await expect(.init(after: prompt, limit: 100), "One and two and three.Six.", .endOfGeneration)
    try await expect(.init(after: prompt, stops: [.text("two and")], limit: 100), "One and two and", .text("two and"))
    try await expect(.init(after: prompt, limit: 7), "One and", .limit)
  }

  @Test func `stops the draft too when it is cancelled`() async throws {
    let gate = TandemTesting.Gate()
    let target = target(options)
    let draft = draft(.waiting(at: gate, afterSampling: 5))
    let model = try SpeculativeDecoding(draft: .model(draft, .init(3)), target: target, pacing: .always)
    let session = try await model.makeSession()
    let request = request(200)
    let task = Task { try await session.sample(request) }
    await gate.arrival()
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(draft.counters.sampled <= 6)
    #expect(try await session.sample(self.request(2, .greedy)).count == 2)
    await session.close()
    #expect(target.openSessions == 0 && draft.openSessions == 0)
  }

  @Test func `takes a place in both models, and gives both back`() async throws {
    let (target, draft) = (target(options), draft(.init(contextSize: 300, places: 1)))
    let model = try SpeculativeDecoding(draft: .model(draft), target: target)
    let session = try await model.makeSession()
    await #expect(throws: EngineError.busy(sequences: 1, waiting: 0)) { try await model.makeSession() }
    try await session.extend(to: Self.tokens)
    await #expect(throws: EngineError.busy(sequences: 1, waiting: 0)) { try await session.fork() }
    #expect(target.openSessions == 1)
    await session.close()
    #expect(target.openSessions == 0 && draft.openSessions == 0)
  }

  @Test func `refuses what can't work`() throws {
    let target = target(options)
    let foreign = FunctionModel(tokenizer: .init(isReversed: true)) { _ in [] }
    let deaf = self.target(.init(capabilities: [.tokens]))
    func code(_ draft: SpeculativeDecoding.Draft, _ target: any LanguageModel) -> String {
      do throws(EngineError) {
        _ = try SpeculativeDecoding(draft: draft, target: target)
        return "none"
      } catch { return error.code }
    }
    #expect(code(.model(foreign), target) == "invalid-parameter")
    #expect(code(.lookup(), deaf) == "unsupported")
    #expect(code(.model(draft(), .init(0)), target) == "invalid-parameter")
    #expect(code(.model(draft(), .init(entropyLimit: -1)), target) == "invalid-parameter")
    #expect(code(.lookup(.init(length: 0)), target) == "invalid-parameter")
    let lookup = try SpeculativeDecoding(draft: .lookup(), target: target)
    #expect(code(.lookup(), lookup) == "unsupported", "a speculated model is no target, but may be a draft")
    #expect(code(.model(lookup), target) == "none")
    #expect(throws: EngineError.invalidParameter(name: "row", reason: "must be 0 or more, not -1.0")) {
      try SpeculativeDecoding(draft: .lookup(), target: target, pacing: .priced(.init(token: 0, row: -1)))
    }
  }
}
