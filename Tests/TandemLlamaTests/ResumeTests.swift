import Tandem
import TandemInference
import TandemLlama
import Testing

@Suite(.timeLimit(.minutes(20))) struct `A conversation with the nano pair` {
  @Test func `reads after a cached beginning what it reads without`() async throws {
    let engine = try await nanoEngine(Models.nanoLarge)
    let (first, next) = (try prompt(for: engine), try prompt("Use 3, 8, 5, 2 to make 24.", for: engine))
    let (cached, fresh) = (try await engine.makeSession(), try await engine.makeSession())
    try await cached.extend(to: first + noise(20))
    let common = first.commonPrefixCount(with: next)
    #expect(common > 4)
    #expect(try await cached.extend(to: next) == next.count - common)
    try await fresh.extend(to: next)
    // Other batches: the same but for the last bits.
    #expect(try await distance(cached.logits(), fresh.logits()) < 0.05)
  }

  @Test(arguments: [(SpeculativeThinking(), .small), (LargeOnly(), .large)] as [(any Strategy, Role)])
  func `pays for what its cache lacks`(strategy: any Strategy, beginner: Role) async throws {
    let small = try await nanoEngine(contextSize: 512, sequences: 3)
    let large = try await nanoEngine(Models.nanoLarge, contextSize: 512, sequences: 3)
    let places: [Role: Int] = [.small: 3, .large: 3]
    let gate = RunGate(places: places, queue: 0, keepingIdle: places)
    let budget = Budget(thinkingTokens: 120, answerTokens: 40)
    let solver = Solver(small: Participant(small), large: Participant(large), budget: budget)
    func run(_ problem: Problem) async throws -> Outcome {
      let before = [small.counters, large.counters]
      let outcome = try await gate.withPlaces(strategy.sessions) {
        try await solver.solve(problem, with: strategy, seed: 3, in: $0)
      }
      for (role, count) in zip(Role.allCases, [small.counters - before[0], large.counters - before[1]]) {
        #expect(outcome.usage[role].prefilled == count.prefilled && outcome.usage[role].sampled == count.sampled)
      }
      return outcome
    }
    let first = Problem(question: "Use 3, 8, 5, 10 to make 17.")
    let cost = try await run(first).usage[beginner]
    #expect(cost.cached == 0 && cost.prompt > 10)
    let again = try await run(first).usage[beginner]
    #expect(again.cached == cost.prompt && again.prompt == 0)
  }
}
