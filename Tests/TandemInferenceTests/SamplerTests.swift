import TandemInference
import TandemTesting
import Testing

@Suite struct `A sampler` {
  private func draw(
    _ row: [Float], _ sampling: SamplingParameters, seed: UInt64 = 0, after tokens: [Token] = [],
    processors: [any LogitProcessor] = []
  ) throws -> Token {
    var sampler = Sampler(GenerationRequest(sampling: sampling, seed: seed, processors: processors, limit: 1))
    return try sampler.sample(row.span, after: tokens).token
  }

  /// Parameters of every kind, alone and together.
  private static func randomParameters(_ generator: inout SplitMix64) -> SamplingParameters {
    var parameters = SamplingParameters(temperature: 0.3 + generator.uniform() * 1.5, topP: 1)
    let mask = generator.next() % 16
    if mask & 1 > 0 { parameters.topK = 1 + Int(generator.next() % 40) }
    if mask & 2 > 0 { parameters.topP = 0.05 + 0.94 * generator.uniform() }
    if mask & 4 > 0 { parameters.minP = 0.5 * generator.uniform() }
    if mask & 8 > 0 { parameters.repetitionPenalty = 0.7 + generator.uniform() }
    return parameters
  }

  @Test func `draws what the filters leave, and nothing else`() throws {
    var generator = SplitMix64(seed: 2025)
    for _ in 0..<120 {
      let row = [Float].randomRow(20 + Int(generator.next() % 100), &generator)
      let parameters = Self.randomParameters(&generator)
      let tokens = (0..<10).map { _ in Token(rawValue: Int32(generator.next() % UInt64(row.count))) }
      // A hair's breadth wider, since the reference rounds elsewhere.
      var wider = parameters
      if wider.topP < 1 { wider.topP = min(1, wider.topP + 1e-5) }
      if wider.minP > 0 { wider.minP -= 1e-6 }
      let allowed = ReferenceSampler(parameters: wider).probabilities(row, after: tokens)
      for seed in 0..<10 {
        let token = try draw(row, parameters, seed: UInt64(seed), after: tokens)
        #expect(allowed[Int(token.rawValue)] > 0, "\(parameters)")
      }
    }
  }

  @Test(arguments: [
    SamplingParameters(temperature: 1, topP: 1), SamplingParameters(temperature: 0.6, topP: 0.95),
    SamplingParameters(temperature: 0.6, topK: 50, topP: 0.95), SamplingParameters(temperature: 1.5, topK: 5, topP: 1),
    SamplingParameters(temperature: 1, topP: 0.5), SamplingParameters(temperature: 1, topP: 1, minP: 0.1),
    SamplingParameters(temperature: 0.9, topK: 12, topP: 0.8, minP: 0.05),
    SamplingParameters(temperature: 1, topP: 1, repetitionPenalty: 1.8),
  ])
  func `draws each token as often as it should`(parameters: SamplingParameters) throws {
    var generator = SplitMix64(seed: 99)
    let row = [Float].randomRow(60, &generator)
    let tokens: [Token] = [3, 17, 17, 44]
    let expected = ReferenceSampler(parameters: parameters).probabilities(row, after: tokens)
    var sampler = Sampler(GenerationRequest(sampling: parameters, seed: 4, limit: 1))
    var counts: [Int: Int] = [:]
    for _ in 0..<1200 { counts[Int(try sampler.sample(row.span, after: tokens).token.rawValue), default: 0] += 1 }
    let test = ChiSquare(counts, expected: Dictionary(uniqueKeysWithValues: expected.enumerated().map { ($0, $1) }))
    #expect(test.fits, "\(test)")
  }

  @Test func `takes the first of the likeliest tokens when greedy`() throws {
    #expect(try draw([1, 3, 2, 3], .greedy) == 1)
    #expect(try draw([-.infinity, -5], .greedy) == 1)
  }

  @Test func `is greedy where one token is all that a filter leaves`() throws {
    var generator = SplitMix64(seed: 8)
    for seed in 0..<10 as Range<UInt64> {
      let row = [Float].randomRow(50, &generator)
      let best = Token(rawValue: Int32(row.indices.max { row[$0] < row[$1] } ?? 0))
      #expect(try draw(row, .init(temperature: 1, topK: 1, topP: 1), seed: seed) == best)
      #expect(try draw(row, .init(temperature: 1, topP: 1e-6), seed: seed) == best)
      #expect(try draw(row, .init(temperature: 1, topP: 1, minP: 0.999_99), seed: seed) == best)
      #expect(try draw(row, .init(temperature: 1e-4, topP: 1), seed: seed) == best)
      #expect(try draw(row, .init(temperature: .leastNonzeroMagnitude, topP: 0.9), seed: seed) == best)
    }
  }

  @Test func `keeps what lies exactly on a filter's bound, and the first of equals`() throws {
    func drawn(_ sampling: SamplingParameters) throws -> Set<Token> {
      try Set((0..<50).map { try draw([1, 1], sampling, seed: $0) })
    }
    #expect(try drawn(.init(temperature: 1, topP: 0.5)) == [0], "the first token is half of all, which is enough")
    #expect(try drawn(.init(temperature: 1, topK: 1, topP: 1)) == [0])
    #expect(try drawn(.init(temperature: 1, topP: 1, minP: 1)) == [0, 1], "both are as likely as the likeliest")
    let row: [Float] = [1, 2, 2, 1]
    #expect(Sampler.likeliest(3, of: row.span, 0).map(\.token) == [1, 2, 0])
  }

  @Test func `keeps the likeliest token, whatever the filters leave`() throws {
    for sampling in [
      SamplingParameters(temperature: 1, topP: 0), .init(temperature: 1, topP: 1, minP: 2),
      .init(temperature: 1, topK: 2, topP: 0, minP: 2),
    ] {
      #expect(try draw([1, 3, 2], sampling) == 1)
    }
  }

  @Test(arguments: [SamplingParameters(temperature: 1, topP: 1), .init(temperature: 1, topP: 0.9)])
  func `continues with the number after those that were drawn before`(sampling: SamplingParameters) throws {
    var generator = SplitMix64(seed: 3)
    let row = [Float].randomRow(200, &generator)
    func tokens(_ count: Int, after priorDraws: Int) throws -> [Token] {
      var request = GenerationRequest(sampling: sampling, seed: 11, limit: 1)
      request.priorDraws = priorDraws
      var sampler = Sampler(request)
      return try (0..<count).map { _ in try sampler.sample(row.span, after: []).token }
    }
    #expect(try tokens(20, after: 10) == tokens(30, after: 0).suffix(20))
  }

  @Test func `allows more than there are`() throws {
    let row: [Float] = [0, -.infinity, 1, -.infinity]
    let drawn = try Set((0..<200).map { try draw(row, .init(temperature: 1, topK: 400, topP: 1), seed: $0) })
    #expect(drawn == [0, 2])
  }

  @Test func `draws the only token that is not banned`() throws {
    let row: [Float] = [9, 8, -20, 7]
    for sampling in [SamplingParameters.greedy, .init(), .init(temperature: 2, topK: 3, topP: 0.5)] {
      #expect(try draw(row, sampling, processors: [TokenBan([0, 1, 3, 77, -1])]) == 2)
    }
  }

  @Test func `fails where every token is banned`() {
    let error = #expect(throws: EngineError.self) { try draw([1, 2], .init(), processors: [TokenBan([0, 1])]) }
    #expect(error?.description == "No token can be sampled: the logit processors left no token to choose.")
  }

  @Test(arguments: [SamplingParameters.greedy, .init(), .init(temperature: 1, topP: 1)])
  func `fails where the model computed no numbers`(sampling: SamplingParameters) {
    #expect(throws: EngineError.self) { try draw([1, .nan, 2], sampling) }
    #expect(throws: EngineError.self) { try draw([.nan], sampling) }
    #expect(throws: EngineError.self) { try draw([-.infinity, -.infinity], sampling) }
  }

  @Test func `draws the same tokens from the same seed`() throws {
    var generator = SplitMix64(seed: 6)
    let row = [Float].randomRow(200, &generator)
    func tokens(_ seed: UInt64) throws -> [Token] {
      var sampler = Sampler(GenerationRequest(sampling: .init(temperature: 1), seed: seed, limit: 1))
      return try (0..<30).map { _ in try sampler.sample(row.span, after: []).token }
    }
    #expect(try tokens(11) == tokens(11))
    #expect(try tokens(11) != tokens(12))
  }

  @Test func `penalises recent tokens only, and those of negative logits too`() throws {
    let penalty = SamplingParameters(temperature: 0, topP: 1, repetitionPenalty: 4, penaltyWindow: 2)
    #expect(try draw([4, 2], penalty, after: [0, 1, 1]) == 0)
    #expect(try draw([4, 2], penalty, after: [1, 0, 1]) == 0)
    #expect(try draw([4, 2], penalty, after: [1, 0, 0]) == 1)
    #expect(try draw([-1, -2], penalty, after: [0]) == 1)
  }
}
