import Tandem
import TandemInference
import TandemTesting
import Testing

/// ThinkLogit beneath the strategies: each model is one of three.
@Suite struct `Models that are steered by what training changed in small ones` {
  private static let settings: [String: [String: Setting]] = [
    SpeculativeCoT.name: ["drafts": 2, "draftTokens": 20], LengthFilteredVote.name: ["samples": 2],
    EntropySwitching.name: ["threshold": .number(0.45)], RandomTakeover.name: ["probability": .number(0.5)],
  ]

  /// Both models, steered towards the end of their thinking; nil for as they are.
  private func models(alpha: Float?) throws -> [any LanguageModel] {
    try [("small", 4), ("large", 8 as Float)].map { name, wait in
      let target = FunctionModel.thinker(name, wait: wait, stop: 0.05, options: .init(places: 8))
      guard let alpha else { return target }
      return try LogitArithmetic(
        target: target, guider: FunctionModel.thinker("after", stop: 4, options: .init(places: 8)),
        base: FunctionModel.thinker("before", stop: 0.1, options: .init(places: 8)), alpha: alpha)
    }
  }

  private func run(_ strategy: any Strategy, _ models: [any LanguageModel]) async throws -> Run {
    let pair = Pair(small: models[0], large: models[1], budget: Budget(thinkingTokens: 80, answerTokens: 20))
    return await pair.run(strategy, seed: 3)
  }

  @Test(arguments: Strategies.all.map { $0.name })
  func `write with every strategy, and as the target alone where nothing is added`(name: String) async throws {
    let strategy = try Strategies.make(name, settings: Self.settings[name] ?? [:])
    let alone = try await run(strategy, models(alpha: nil))
    let idle = try models(alpha: 0)
    let zero = try await run(strategy, idle)
    #expect(zero.error == nil)
    #expect(zero.trace.thoughts.map(\.text) == alone.trace.thoughts.map(\.text))
    let (a, b) = (try alone.outcome, try zero.outcome)
    #expect(a.answer == b.answer && a.finish == b.finish)
    for role in Role.allCases {
      #expect(a.usage[role].sampled == b.usage[role].sampled && a.usage[role].prefilled == b.usage[role].prefilled)
    }
    for case let model as LogitArithmetic in idle {
      #expect(model.guider.counters == EngineCounters() && model.base.counters == EngineCounters())
    }
    let steered = try models(alpha: 1)
    let one = try await run(strategy, steered)
    #expect(one.error == nil)
    for case let model as LogitArithmetic in steered {
      for part in [model.target, model.guider, model.base] { #expect((part as? FunctionModel)?.openSessions == 0) }
    }
  }

  @Test func `end their thinking sooner if that is what the guide learned`() async throws {
    func length(_ alpha: Float) async throws -> Int {
      var tokens = 0
      for seed in 0..<10 as Range<UInt64> {
        let models = try models(alpha: alpha)
        let pair = Pair(large: models[1], budget: Budget(thinkingTokens: 200, answerTokens: 20))
        tokens += try await pair.run(LargeOnly(), seed: seed).outcome.usage.large.thinking
      }
      return tokens
    }
    let (backward, plain, forward) = (try await length(-1), try await length(0), try await length(1))
    #expect(forward * 2 < plain && plain < backward, "\(backward), \(plain), \(forward)")
  }
}
