import Foundation
import Tandem
import TandemInference
import TandemTesting
import Testing

@Suite struct `Thinking that is cut` {
  private func run(_ budget: Budget, _ texts: String) async -> Run {
    await Pair(small: ScriptedModel(texts, "six<|im_end|>"), budget: budget).run(SmallOnly())
  }

  @Test func `may come to the end of its thought`() async throws {
    let run = await run(Budget(thinkingTokens: 4, landingTokens: 20), "A is B.\n\nAnd so on")
    #expect(run.story.hasPrefix("small + A is\nsmall +  B.\ninserted +  </>"))
    #expect(run.thinking == "A is B.\n\n")
    #expect(try run.outcome.isTruncated)
    #expect(try run.outcome.finish == .budget)
  }

  @Test func `lands no further than it may`() async throws {
    let run = await run(Budget(thinkingTokens: 4, landingTokens: 3), "A is B and so on")
    #expect(run.thinking == "A is B \n\n")
    #expect(try run.outcome.usage.small.thinking == 7)
  }

  @Test func `was not cut if it ends while it lands`() async throws {
    let run = await run(Budget(thinkingTokens: 4, landingTokens: 20), "A is B.</think>six<|im_end|>")
    #expect(try run.outcome.isTruncated == false)
    #expect(try run.outcome.finish == .stop)
  }

  @Test func `needs no landing after a blank line`() async throws {
    let run = await run(Budget(thinkingTokens: 4, landingTokens: 20), "A.\n\nAnd so on")
    #expect(run.thinking == "A.\n\n")
  }

  @Test func `can be told so, and the answer begun`() async throws {
    let budget = Budget(thinkingTokens: 4, landingText: "Time is up.\n", answerPrefix: "\n\nThe answer: ")
    let run = await run(budget, "A is B and so on")
    #expect(run.story == "small + A is\ninserted + ⏎⏎Time is up. </>\ninserted + = ⏎⏎The answer:\u{20}\nsmall + = six")
    #expect(try run.outcome.answer == "The answer: six")
  }

  private static let long = String(repeating: "a", count: 200)

  @Test func `has room for its landing in the window`() async throws {
    let small = ScriptedModel(Self.long, Self.long, options: .init(contextSize: 100))
    let budget = Budget(thinkingTokens: 60, answerTokens: 10, landingTokens: 30)
    let run = await Pair(small: small, budget: budget).run(SmallOnly())
    // Prompt 5, landing 30, closing 3, answer 10, and 3 tokens to complete a character of each part.
    #expect(try run.outcome.thinkingBudget == 100 - 5 - 30 - 3 - 10 - 9)
    #expect(run.trace.thoughts.map(\.tokenCount) == [43, 30, 3, 2, 8])
  }

  @Test func `reads traces that know nothing of landings`() throws {
    let old = #"{"answerTokens":9,"thinkingTokens":8,"whenSpent":"stop"}"#
    let budget = try JSONDecoder().decode(Budget.self, from: Data(old.utf8))
    #expect(budget == Budget(thinkingTokens: 8, answerTokens: 9, whenSpent: .stop))
  }
}

@Suite struct `Thinking that is ended on request` {
  @Test(arguments: [SmallOnly(), RandomTakeover(), SpeculativeThinking()] as [any Strategy])
  func `is closed, and answered`(strategy: any Strategy) async throws {
    let handle = ThinkingHandle()
    let ending = MemoryOptions { if $0.sampled == 6 { handle.endThinking() } }
    let small = FunctionModel.thinker("small", stop: 0, options: ending)
    let solver = Solver(small: Participant(small), large: Participant(FunctionModel.thinker("large", stop: 0)))
    let outcome = try await solver.solve(Problem(question: "Q"), with: strategy, handle: handle)
    #expect(outcome.finish == .stop)
    #expect(outcome.isTruncated)
    #expect(outcome.answer == "six")
    #expect(outcome.usage.small.thinking < 20)
    #expect(outcome.usage.small.sampled == small.counters.sampled)
    #expect(small.openSessions == 0)
  }

  @Test func `is left alone where it has ended`() async throws {
    let handle = ThinkingHandle()
    let ending = MemoryOptions { if $0.sampled == 3 { handle.endThinking() } }
    let small = ScriptedModel("A</think>The answer<|im_end|>", options: ending)
    let outcome = try await Solver(small: Participant(small)).solve(
      Problem(question: "Q"), with: SmallOnly(), handle: handle)
    #expect(outcome.answer == "The answer")
    #expect(outcome.isTruncated == false)
  }
}
