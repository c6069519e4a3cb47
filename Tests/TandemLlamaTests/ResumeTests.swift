import Tandem
import TandemInference
import TandemLlama
import Testing

@Suite(.timeLimit(.minutes(5))) struct `A conversation with the nano pair` {
  private static let first = Problem(question: "Use 3, 8, 5, 10 to make 17.")
  private static let strategies: [any Strategy] = [SpeculativeThinking(), LargeOnly()]

  @Test(arguments: strategies.indices, [false, true])
  func `says the same whether its cache is there or not`(strategy: Int, isDeterministic: Bool) async throws {
    let engines = try await Models.pair { path in
      try await nanoEngine(path, contextSize: 512, sequences: 3, isDeterministic: isDeterministic)
    }
    let places: [Role: Int] = [.small: 3, .large: 3]
    let gate = RunGate(places: places, queue: 0, keepingIdle: places)
    let budget = Budget(thinkingTokens: 120, answerTokens: 40)
    let solver = Solver(small: Participant(engines[0]), large: Participant(engines[1]), budget: budget)
    let strategy = Self.strategies[strategy]
    func run(_ problem: Problem, key: String) async throws -> Outcome {
      try await gate.withPlaces(strategy.sessions, key: key) {
        try await solver.solve(problem, with: strategy, seed: 3, in: $0)
      }
    }
    let answer = try await run(Self.first, key: "a").answer
    var next = Self.first
    next.history = [Message(.user, next.question), Message(.assistant, answer ?? "")]
    next.question = "Use 2, 7, 4, 9 to make 22."
    for (number, problem) in [next, Self.first, next].enumerated() {
      let (hit, miss) = (try await run(problem, key: "a"), try await run(problem, key: "\(number)"))
      #expect(hit.answer == miss.answer && hit.finish == miss.finish)
      for role in strategy.sessions.keys {
        let (with, without) = (hit.usage[role], miss.usage[role])
        #expect(with.thinking == without.thinking && with.handedOver == without.handedOver)
        #expect(with.cached > 10 && without.cached == 0)
        #expect(with.prompt + with.cached == without.prompt)
      }
    }
  }
}

extension Models {
  /// The small and the large nano model.
  fileprivate static func pair(_ load: (String) async throws -> LlamaEngine) async throws -> [LlamaEngine] {
    [try await load(nanoSmall), try await load(nanoLarge)]
  }
}
