import Tandem
import TandemInference
import TandemLlama
import Testing

@Suite(.timeLimit(.minutes(20))) struct `The nano pair's window` {
  @Test func `has room for every strategy with its default settings`() async throws {
    let (small, large) = try await (
      nanoEngine(contextSize: 512, sequences: 9), nanoEngine(Models.nanoLarge, contextSize: 512, sequences: 9)
    )
    // The preset's limits: see RunOptions.Limits.budget(contextSize:).
    let solver = Solver(
      small: Participant(small), large: Participant(large), budget: Budget(thinkingTokens: 400, answerTokens: 48))
    let question = "Use 3, 8, 5, 10 to make 17. " + String(repeating: "Every number is used at most once. ", count: 2)
    for type in Strategies.all {
      let outcome = try await solver.solve(Problem(question: question), with: type.init(), seed: 1)
      #expect(outcome.finish != .error, "\(type.name)")
      #expect((0...400).contains(try #require(outcome.thinkingBudget)), "\(type.name)")
    }
    await small.close()
    await large.close()
  }
}
