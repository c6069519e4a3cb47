import Tandem
import TandemInference
import TandemTesting
import Testing

@Suite(.timeLimit(.minutes(20))) struct `The beginning of an answer` {
  static let names = Strategies.all.map { $0.name }
  static let beginnings = ["six", "So: \"ü\"\n\n"]

  private func pair(_ beginning: String, isMarked: Bool) -> (pair: Pair, models: [Role: FunctionModel]) {
    let (small, large) = (FunctionModel.thinker("small", wait: 2), FunctionModel.thinker("large", wait: 0.5))
    var pair = Pair(
      small: small, large: large, budget: Budget(thinkingTokens: 40, answerTokens: 12))
    pair.problem = Problem(messages: [Message(.user, "Q"), Message(.assistant, beginning)])
    if !isMarked {
      pair.small?.format = .unmarked
      pair.large?.format = .unmarked
    }
    return (pair, [.small: small, .large: large])
  }

  @Test(arguments: names, [true, false])
  func `is what every strategy's answer begins with`(name: String, isMarked: Bool) async throws {
    var answers = 0
    for beginning in Self.beginnings {
      for seed in 0..<4 as Range<UInt64> {
        let (pair, _) = pair(beginning, isMarked: isMarked)
        let strategy = try Strategies.make(name, settings: `Every strategy`.settings[name] ?? [:])
        let run = await pair.run(strategy, seed: seed)
        #expect(run.streamed == run.kept, "\(run.story)")
        guard let answer = try run.outcome.answer else { continue }
        answers += 1
        #expect(answer.hasPrefix(beginning.trimmed), "\(run.story)")
        // No model wrote it, and it is there once.
        let turn = run.trace.thoughts.filter { $0.segment == (run.answer.isEmpty ? .thinking : .answer) }
        #expect(turn.first?.author == .inserted && turn.count { $0.text.hasSuffix(beginning) } >= 1)
        #expect(turn.dropFirst().allSatisfy { $0.author != .inserted || $0.segment == .thinking }, "\(run.story)")
      }
    }
    #expect(answers > 0)
  }

  @Test(arguments: names, [true, false])
  func `takes nothing from the budget, and is evaluated once`(name: String, isMarked: Bool) async throws {
    for seed in 0..<4 as Range<UInt64> {
      let (pair, models) = pair("So: \"ü\"\n\n", isMarked: isMarked)
      let run = await pair.run(try Strategies.make(name, settings: `Every strategy`.settings[name] ?? [:]), seed: seed)
      let usage = try run.outcome.usage
      for (role, model) in models {
        #expect(usage[role].prefilled == model.counters.prefilled)
        #expect(usage[role].sampled == model.counters.sampled)
        #expect(usage[role].reevaluated == 0, "\(run.story)")
      }
      let sampled = run.trace.thoughts.filter { $0.author != .inserted }
      #expect(sampled.filter { $0.segment == .answer }.tokenCount <= 12)
      #expect(sampled.filter { $0.segment == .thinking }.tokenCount <= 40 + 3 + (isMarked ? 0 : 12))
    }
  }

  @Test func `comes after thinking that the model ends by itself`() async throws {
    var pair = Pair(small: ScriptedModel("A.</think>", ", six.<|im_end|>"))
    pair.problem.answerBeginning = "It is"
    let run = await pair.run(SmallOnly())
    #expect(run.thinking == "A." && run.answer == "\n\nIt is, six.")
    #expect(try run.outcome.answer == "It is, six.")
    #expect(try run.outcome.usage.small.answer == ", six.".utf8.count + 1)
  }

  @Test func `comes after thinking that is cut, in place of other beginnings`() async throws {
    var pair = Pair(
      small: ScriptedModel(
        scripts: ["It is": [", six.<|im_end|>", ", six.<|im_end|>"], "": ["Still on it", "Still on it"]]),
      budget: Budget(thinkingTokens: 5, answerPrefix: "\nAnswer: "))
    pair.problem.answerBeginning = "It is"
    for strategy in [SmallOnly(), BudgetForcing()] as [any Strategy] {
      let run = await pair.run(strategy)
      #expect(run.thinking == "Still\n\n" && run.answer == "\n\nIt is, six.", "\(run.story)")
    }
  }

  @Test func `is the first text of a model that does not mark its thinking`() async throws {
    var pair = Pair(small: ScriptedModel(", six.<|im_end|>", ", six.<|im_end|>"))
    pair.small?.format = .unmarked
    pair.problem.answerBeginning = "It is"
    let run = await pair.run(SmallOnly())
    #expect(try run.outcome.answer == "It is, six.")
    pair.budget.thinkingTokens = 0
    #expect(try await pair.run(SmallOnly()).outcome.answer == "It is, six.")
  }

  @Test func `is not in the prompt`() async throws {
    let seen = PromptRecorder()
    var pair = Pair(small: seen.model("</think>"))
    pair.problem = Problem(messages: [Message(.user, "Q"), Message(.assistant, "A"), Message(.assistant, "It is")])
    _ = await pair.run(SmallOnly())
    #expect(seen.prompt == "Q\n\nA\n\n<think>\n")
    #expect(seen.longestText == "Q\n\nA\n\n<think>\n</think>\n\nIt is")
  }
}

extension String {
  fileprivate var trimmed: String {
    var text = self[...]
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
