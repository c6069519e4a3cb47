import TandemInference
import TandemTesting
import Testing

@Suite struct `A sampled token` {
  private let row: [Float] = [1, 3, -.infinity, 2, 3]

  private func sample(_ request: GenerationRequest) throws -> SampledToken {
    var sampler = Sampler(request)
    return try sampler.sample(row.span, after: [0, 1])
  }

  @Test func `carries the model's own log-probability, whatever was done to draw it`() throws {
    let softmax = Softmax(row.span)
    let sampling = SamplingParameters(temperature: 0, topP: 0.3, repetitionPenalty: 9)
    let sampled = try sample(GenerationRequest(sampling: sampling, processors: [TokenBan([4])], limit: 1))
    #expect(sampled.token == 3)
    #expect(sampled.logProbability == .exact(2 - softmax.logSumExp))
    #expect(sampled.entropy == .exact(softmax.entropy))
    #expect(sampled.alternatives.isEmpty)
  }

  @Test func `carries as many alternatives as are wanted, likeliest first`() throws {
    let sampled = try sample(GenerationRequest(limit: 1, alternatives: 3))
    #expect(sampled.alternatives.map(\.token) == [1, 4, 3])
    let sum = Softmax(row.span).logSumExp
    #expect(sampled.alternatives.map(\.logProbability) == [3 - sum, 3 - sum, 2 - sum])
    #expect(try sample(GenerationRequest(limit: 1, alternatives: 99)).alternatives.count == row.count)
  }

  @Test func `carries the odds of the token that is watched, whichever is drawn`() throws {
    let sum = Softmax(row.span).logSumExp
    func odds(of token: Token) throws -> SampledToken.Odds? {
      try sample(GenerationRequest(sampling: .greedy, limit: 1, watched: token)).watched
    }
    #expect(try odds(of: 1) == .init(logit: 3, logProbability: 3 - sum, rank: 1))
    #expect(try odds(of: 4) == .init(logit: 3, logProbability: 3 - sum, rank: 1), "of equals, both are first")
    #expect(try odds(of: 3) == .init(logit: 2, logProbability: 2 - sum, rank: 3))
    #expect(try odds(of: 5) == nil)
    #expect(try sample(GenerationRequest(limit: 1)).watched == nil)
  }

  @Test func `comes from streams that differ, though their seeds are neighbours`() {
    let seeds = (0..<1000).map { SplitMix64.derive(7, $0) } + (0..<1000).map { SplitMix64.derive(8, $0) }
    #expect(Set(seeds).count == seeds.count)
    var counts: [Int: Int] = [:]
    for seed in seeds {
      var generator = SplitMix64(seed: seed)
      counts[Int(generator.uniform() * 10), default: 0] += 1
    }
    let test = ChiSquare(counts, expected: Dictionary(uniqueKeysWithValues: (0..<10).map { ($0, 0.1) }))
    #expect(test.fits, "\(test)")
  }
}
