import Tandem
import TandemInference
import TandemTesting
import Testing

@Suite struct `A budget` {
  private func run(
    _ budget: Budget, _ texts: String, options: MemoryOptions = .init()
  ) async -> Run {
    await Pair(small: ScriptedModel(texts, "six<|im_end|>", options: options), budget: budget).run(SmallOnly())
  }

  @Test func `cuts thinking, ends it, and lets the answer be written`() async throws {
    let run = await run(Budget(thinkingTokens: 7), "A is B and so on")
    #expect(run.story == "small + A is B\u{20}\ninserted +  </>\ninserted + =\u{20}\nsmall + = six")
    #expect(run.thinking == "A is B \n\n")
    let outcome = try run.outcome
    #expect(outcome.finish == .budget)
    #expect(outcome.isTruncated)
    #expect(outcome.answer == "six")
    #expect(outcome.usage.small.thinking == 7)
    #expect(outcome.usage.small.answer == 4)
    #expect(outcome.usage.small.inserted == 5)  // two newlines, the delimiter, two newlines
  }

  @Test func `puts no blank line where there is one`() async {
    let run = await run(Budget(thinkingTokens: 4), "A.\n\nB")
    #expect(run.thinking == "A.\n\n")
  }

  @Test func `can end a run without an answer`() async throws {
    let run = await run(Budget(thinkingTokens: 7, whenSpent: .stop), "A is B and so on")
    #expect(run.trace.description == "small + A is B\u{20}\n= budget")
    #expect(try run.outcome.isTruncated)
    #expect(try run.outcome.answer == nil)
  }

  @Test func `leaves thinking alone that ends in time`() async throws {
    let run = await run(Budget(thinkingTokens: 3), "AB</think>six<|im_end|>")
    #expect(try run.outcome.finish == .stop)
    #expect(try run.outcome.isTruncated == false)
  }

  @Test func `cuts an answer`() async throws {
    let run = await run(Budget(answerTokens: 5), "A</think>The answer is six")
    #expect(try run.outcome.finish == .length)
    #expect(try run.outcome.isTruncated == false)
    #expect(try run.outcome.answer == "The a")
    #expect(try run.outcome.usage.small.answer == 5)
  }

  @Test func `keeps the answer's tokens beside those of the thinking`() async throws {
    let run = await run(Budget(thinkingTokens: 5, answerTokens: 6), "A is B")
    #expect(try run.outcome.answer == "six")
    #expect(run.thinking == "A is \n\n")
  }

  @Test func `that is spent on what precedes the answer leaves none`() async throws {
    let run = await run(Budget(thinkingTokens: 5, answerTokens: 1), "A is B")
    #expect(try run.outcome.answer == nil)
    #expect(try run.outcome.finish == .budget)
  }

  @Test func `does not charge the prompt`() async throws {
    var pair = Pair(small: ScriptedModel("AB</think>six<|im_end|>"), budget: Budget(thinkingTokens: 3, answerTokens: 4))
    pair.problem.question = String(repeating: "long ", count: 50)
    #expect(try await pair.run(SmallOnly()).outcome.finish == .stop)
  }

  @Test func `of time is looked at between thoughts`() async throws {
    let slow = MemoryOptions { _ in try await Task.sleep(for: .milliseconds(20)) }
    let small = ScriptedModel("A.\n\n", "B.\n\n", "six<|im_end|>", options: slow)
    var strategy = RandomTakeover()
    strategy.probability = 0
    let pair = Pair(small: small, large: ScriptedModel(), budget: Budget(seconds: 0.05))
    let run = await pair.run(strategy)
    #expect(try run.outcome.finish == .deadline)
    #expect(try run.outcome.isTruncated)
    #expect(run.story.hasPrefix("small + A.\ninserted +  </>"))
  }

  @Test(arguments: [
    (Budget(thinkingTokens: -1), "thinkingTokens must be from 0 to 10000000, not -1."),
    (Budget(thinkingTokens: .max), "thinkingTokens must be from 0 to 10000000, not 9223372036854775807."),
    (Budget(answerTokens: 0), "answerTokens must be from 1 to 10000000, not 0."),
    (Budget(answerTokens: .max), "answerTokens must be from 1 to 10000000, not 9223372036854775807."),
    (Budget(landingTokens: .min), "landingTokens must be from 0 to 10000000, not -9223372036854775808."),
    (Budget(seconds: 0), "seconds must be above 0, not 0."),
    (Budget(seconds: .nan), "seconds must be above 0, not nan."),
  ])
  func `that makes no sense is refused`(budget: Budget, message: String) async throws {
    let run = await run(budget, "A")
    #expect("\(try #require(run.error))" == message)
    #expect(run.trace.events.isEmpty)
  }

  @Test func `of 0 closes the thinking at once, which cuts nothing`() async throws {
    let run = await run(Budget(thinkingTokens: 0, landingText: "Time is up."), "six<|im_end|>")
    #expect(run.story == "inserted +  </>\ninserted + =\u{20}\nsmall + = six")
    #expect(try run.outcome.finish == .stop)
    #expect(try run.outcome.isTruncated == false)
    #expect(try run.outcome.thinkingBudget == 0)
  }

  @Test func `of 0 has a model that does not mark its thinking answer at once`() async throws {
    let small = ScriptedModel("six and so on", tokenizer: ByteTokenizer(controls: ["<|im_end|>"]))
    var pair = Pair(small: small, budget: Budget(thinkingTokens: 0, answerTokens: 3))
    pair.small?.format = .unmarked
    let run = await pair.run(SmallOnly())
    #expect(try run.outcome.answer == "six")
    #expect(try run.outcome.finish == .length)
  }
}
