import Tandem
import TandemInference
import TandemTesting
import Testing

@Suite struct `Budget forcing` {
  private func run(
    _ texts: String..., format: ReasoningFormat = .think, budget: Budget = .init(),
    _ change: (inout BudgetForcing) -> Void = { _ in }
  ) async -> Run {
    var strategy = BudgetForcing()
    change(&strategy)
    var pair = Pair(small: ScriptedModel(scripts: ["": texts + ["six<|im_end|>"]]), budget: budget)
    pair.small?.format = format
    return await pair.run(strategy)
  }

  @Test func `is the baseline without bounds`() async {
    #expect(await run("A.</think>six<|im_end|>").trace.description == "small + A. </>\nsmall + = six\n= stop: six")
  }

  @Test func `closes the thinking at its bound, and begins the answer`() async throws {
    let run = await run("A is B and so on") { $0.maximum = 6 }
    #expect(run.story == "small + A is B\ninserted +  </>\ninserted + = ⏎⏎Final Answer:\nsmall + = six")
    // That is the method, and no accident: the answer counts.
    #expect(try run.outcome.isTruncated == false)
    #expect(try run.outcome.finish == .stop)
    #expect(try run.outcome.answer == "Final Answer:six")
  }

  @Test func `puts Wait in the place of the first ends of thinking`() async throws {
    let run = await run("A.</think>", ", no B.</think>", ", no C.</think>six<|im_end|>") { $0.waits = 2 }
    #expect(
      run.story == """
        small + A.
        small -  </>  [wait]
        inserted + Wait
        small + , no B.
        small -  </>  [wait]
        inserted + Wait
        small + , no C. </>
        small + = six
        """)
    #expect(run.thinking == "A.Wait, no B.Wait, no C.")
    let usage = try run.outcome.usage.small
    #expect(usage.discarded == 2)
    #expect(usage.inserted == 8)
    #expect(try run.outcome.isTruncated == false)
  }

  @Test func `only suppresses the end, as one of the ablations does`() async {
    let run = await run("A.</think>", " B.</think>six<|im_end|>") { ($0.waits, $0.waitText) = (1, "") }
    #expect(run.thinking == "A. B.")
  }

  @Test func `counts all rounds together, or each again`() async throws {
    let total = await run("ABC</think>", "DEFGH and so on") { ($0.waits, $0.maximum) = (1, 8) }
    #expect(total.thinking == "ABCWaitDEFG\n\n")  // the end of thinking is a token too
    let round = await run("ABC</think>", "DEFGH and so on") { ($0.waits, $0.maximum, $0.accounting) = (1, 8, .round) }
    #expect(round.thinking == "ABCWaitDEFGH an\n\n")
  }

  @Test func `writes no more rounds than its bound allows`() async {
    let run = await run("ABC</think>", "never") { ($0.waits, $0.maximum) = (3, 4) }
    #expect(run.thinking == "ABCWait\n\n")
  }

  @Test func `has the delimiters of s1`() async throws {
    let run = await run("A.<|im_start|>answer\nsix<|im_end|>", format: .s1) { $0.waits = 0 }
    #expect(run.thinking == "A.")
    #expect(try run.outcome.answer == "six")
    let forced = await self.run("A is B", format: .s1) { $0.maximum = 3 }
    #expect(try forced.outcome.answer?.hasPrefix("Final Answer:") == true)
  }

  @Test func `ends with the run's own budget all the same`() async throws {
    let run = await run("A is B and so on", budget: Budget(thinkingTokens: 4)) { $0.maximum = 100 }
    #expect(run.thinking == "A is\n\n")
    #expect(try run.outcome.finish == .budget)
  }

  @Test(arguments: ["maximum", "waits"]) func `has no negative bounds`(name: String) {
    #expect(throws: ReasoningError.invalidSetting(name: name, reason: "must be from 0 to 10000000, not -1")) {
      try Strategies.make("budget-forcing", settings: [name: .integer(-1)])
    }
  }
}
