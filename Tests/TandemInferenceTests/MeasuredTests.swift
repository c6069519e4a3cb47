import TandemInference
import TandemTesting
import Testing

@Suite struct `A measured number` {
  @Test func `is compared if its bounds agree`() {
    #expect(Measured.exact(2).isAbove(1) == true && Measured.exact(1).isAbove(1) == false)
    #expect(Measured.bounded(1...2).isAbove(1) == nil && Measured.bounded(1...2).isBelow(1) == false)
    #expect(Measured.unknown.isAbove(1) == nil && Measured.exact(.nan).isBelow(1) == nil)
  }

  @Test func `has a mean that is as exact as what goes into it`() {
    #expect(Measured.mean(of: [.exact(1), .exact(2)]) == .exact(1.5))
    #expect(Measured.mean(of: [.exact(1), .bounded(1...3)]) == .bounded(1...2))
    #expect(Measured.mean(of: [.exact(1), .unknown]) == .unknown)
    #expect(Measured.mean(of: []) == .unknown)
  }

  @Test func `is given out if it is exact, and named if it is not`() throws {
    #expect(try Measured.exact(3).exactly("entropy") == 3)
    #expect(throws: EngineError.inexact(quantity: "entropy", known: .unknown, needed: "be exact")) {
      try Measured.unknown.exactly("entropy")
    }
  }

  @Test func `bounds an entropy by the likeliest tokens, more closely the more there are`() throws {
    var generator = SplitMix64(seed: 3)
    for _ in 0..<200 {
      let row = (0..<100).map { _ in Float.random(in: -8...4, using: &generator) }
      let softmax = Softmax(row.span)
      var width = Float.infinity
      for count in [1, 5, 20, 60, 99] {
        let top = Sampler.likeliest(count, of: row.span, softmax.logSumExp).map(\.logProbability)
        let bounds = try #require(Measured.entropy(ofTop: top, vocabularySize: 100).bounds)
        try #require(bounds.lowerBound <= softmax.entropy + 1e-4 && softmax.entropy <= bounds.upperBound + 1e-4)
        #expect(bounds.upperBound - bounds.lowerBound <= width + 1e-4)
        width = bounds.upperBound - bounds.lowerBound
      }
      #expect(width < 1e-4, "with 99 of 100 nothing is open")
    }
    #expect(Measured.entropy(ofTop: [], vocabularySize: 9) == .unknown)
    #expect(Measured.entropy(ofTop: [0], vocabularySize: 9) == .exact(0))
  }

  @Test func `is what a model reports that knows the likeliest tokens only`() async throws {
    for (count, isKnown) in [(0, false), (2, true)] {
      let model = FunctionModel.table(
        ["": ["a": 4, "b": 2, "c": 1, "d": 1]], options: .init(reportedTokens: count))
      let session = try await model.makeSession()
      try await session.extend(to: model.tokenizer.encode("a", control: .asText))
      let sampled = try await session.sample(GenerationRequest(limit: 5, ignoresEndOfGeneration: true, alternatives: 4))
      #expect(sampled.allSatisfy { ($0.entropy.bounds != nil) == isKnown && $0.entropy.exact == nil })
      #expect(sampled.allSatisfy { $0.logProbability.exact != nil && $0.alternatives.count == count })
      // 1.2130 nats lie within the bounds: a bound far off can be checked, one in between can't.
      try await session.extend(to: model.tokenizer.encode("a", control: .asText))
      var far = GenerationRequest(stops: [.entropy(EntropyBound(.above, 0.2))], limit: 5, ignoresEndOfGeneration: true)
      let near = GenerationRequest(stops: [.entropy(EntropyBound(.above, 1.2))], limit: 5, ignoresEndOfGeneration: true)
      guard isKnown else {
        await #expect(throws: EngineError.self) { try await session.sample(far) }
        continue
      }
      #expect(try await session.sample(far).map(\.stop) == [.entropy])
      far.stops = []
      let error = await #expect(throws: EngineError.self) { try await session.sample(near) }
      #expect(error?.code == "inexact")
    }
  }
}
