import Tandem
import TandemInference
import TandemTesting
import Testing

@Suite struct `SpecReason, the relative` {
  /// Runs with steps of the small model, the large one's marks for them, and what it writes instead.
  private func run(
    _ steps: [String], marks: [String], rewrites: [String] = [], _ change: (inout SpecReason) -> Void = { _ in }
  ) async -> Run {
    var strategy = SpecReason()
    change(&strategy)
    let large = ScriptedModel(scripts: ["quality score": marks, "": rewrites])
    return await Pair(small: ScriptedModel(scripts: ["": steps]), large: large).run(strategy)
  }

  @Test func `keeps a step with a good mark, and has the large model write the others`() async throws {
    let run = await run(["A.\n\n", "B.\n\n", "C.</think>six<|im_end|>"], marks: ["8", "3", "7"], rewrites: ["L.\n\n"])
    #expect(
      run.trace.description == """
        ? draft 1  [mark]
        small + A.
        ? none  [mark]
        small - B.  [low mark]
        > large  [low mark]
        large + L.
        ? draft 1  [mark]
        small + C. </>
        small + = six
        = stop: six
        """)
    let usage = try run.outcome.usage
    #expect(usage.large.handedOver == 4 + 3)  // "A.", and "C." with its end; "B." was read and dropped
    #expect(usage.large.thinking == 4)
    #expect(usage.large.sampled == 4)  // a mark samples nothing
    #expect(usage.large.reevaluated == 1)  // the end of "A.", for what it writes after it
    #expect(usage.small.handedOver == 4)
  }

  @Test func `asks as the released code does, in a turn of its own after the chain`() async {
    let reader = PromptRecorder()
    _ = await Pair(small: ScriptedModel("A.\n\n", "B.</think>six<|im_end|>"), large: reader.model("9")).run(
      SpecReason())
    let question = """
      Evaluate the last reasoning step solely based on factual correctness and logical validity. Ignore style, phrasing, \
      or overall usefulness—only judge whether the step is objectively correct and logically follows from prior steps. \
      Assign a score from 0 to 9.
      """
    // The recorder spells bytes one by one.
    let spelled = reader.prompt.replacing("\u{FFFD}\u{FFFD}\u{FFFD}", with: "\u{2014}")
    #expect(spelled == "Q\n\n<think>\nA.\n\n\n\n\(question)\n\n<think>\nI think the quality score is: ")
  }

  @Test func `asks for no marks with threshold 0, and is the small model's thinking`() async throws {
    let text = "A.\n\nB.\n\nC.</think>six<|im_end|>"
    let large = ScriptedModel("never")
    var strategy = SpecReason()
    strategy.threshold = 0
    let run = await Pair(small: ScriptedModel(text), large: large).run(strategy)
    let alone = await Pair(small: ScriptedModel(text)).run(SmallOnly())
    #expect(run.thinking == alone.thinking)
    #expect(try run.outcome.answer == alone.outcome.answer)
    #expect(large.counters == EngineCounters())
  }

  @Test func `marks every step and keeps it with threshold -1, to show how a judge marks`() async throws {
    let steps = ["A.\n\n", "B.\n\n", "C.</think>six<|im_end|>"]
    let run = await run(steps, marks: ["8", "0", "7"]) { $0.threshold = -1 }
    let alone = await Pair(small: ScriptedModel(steps.joined())).run(SmallOnly())
    #expect(run.trace.marks == [8, 0, 7])
    #expect(run.rejected.isEmpty)
    #expect(run.thinking == alone.thinking)
    #expect(try run.outcome.usage.large.sampled == 0)
  }

  @Test func `keeps nothing of the small model with a threshold above all marks`() async {
    let run = await run(["A.\n\n", "B.\n\n"], marks: ["9", "9"], rewrites: ["L.\n\n", "M.</think>"]) {
      $0.threshold = 10
    }
    #expect(run.thinking == "L.\n\nM.")
    #expect(run.rejected.map(\.text) == ["A.\n\n", "B.\n\n"])
  }

  @Test func `can let the large model write the first steps`() async {
    let run = await run(["A.</think>six<|im_end|>"], marks: ["9"], rewrites: ["L.\n\n", "M.\n\n"]) {
      $0.openingSteps = 2
    }
    #expect(run.trace.thoughts.map(\.author) == [.large, .large, .small, .small])
  }

  @Test func `lets the large model answer right after a step that it has read`() async throws {
    let large = FunctionModel.thinker("large")
    let small = FunctionModel.thinker("small")
    var strategy = SpecReason()
    (strategy.threshold, strategy.answeredBy) = (4, .large)
    for seed in 0..<4 as Range<UInt64> {
      let before = large.counters
      let run = await Pair(small: small, large: large).run(strategy, seed: seed)
      let usage = try run.outcome.usage.large
      #expect(usage.reevaluated <= 1)
      #expect(usage.handedOver == run.trace.thoughts.filter { $0.author == .small }.tokenCount)
      #expect(usage.prefilled == large.counters.prefilled - before.prefilled)
    }
  }

  @Test func `asks about several steps at once, twice as many whenever all are kept`() async throws {
    let steps = ["A.\n\n", "B.\n\nC.\n\n", "D.\n\nE.\n\nF.\n\nG.\n\n", "H.</think>six<|im_end|>"]
    let run = await run(steps, marks: ["8", "9", "7", "8"]) { $0.stepsPerQuestion = 4 }
    #expect(run.trace.marks == [8, 9, 7, 8])
    #expect(run.thinking == "A.\n\nB.\n\nC.\n\nD.\n\nE.\n\nF.\n\nG.\n\nH.")
    #expect(run.trace.thoughts.filter { $0.segment == .thinking }.count == 8, "each step is a thought of its own")
    let usage = try run.outcome.usage.large
    let thinking = run.trace.thoughts.filter { $0.segment == .thinking }.tokenCount
    #expect(usage.handedOver == thinking)
    let one = await self.run(steps, marks: Array(repeating: "8", count: 8))
    #expect(one.thinking == run.thinking)
    #expect(try usage.scored * 2 == one.outcome.usage.large.scored, "four questions instead of eight")
  }

  @Test func `marks the steps before a weak one in their order, and drops what follows the first that is weak`()
    async throws
  {
    // Of three steps, the last one is weak, and so is the one before it.
    let steps = ["A.\n\n", "B.\n\nC.\n\n", "E.</think>six<|im_end|>"]
    let run = await run(steps, marks: ["8", "2", "3", "7"], rewrites: ["L.\n\n"]) { $0.stepsPerQuestion = 4 }
    #expect(
      run.trace.description == """
        ? draft 1  [mark]
        small + A.
        ? none  [mark]
        ? none  [mark]
        small - B.  [low mark]
        small - C.  [low mark]
        > large  [low mark]
        large + L.
        ? draft 1  [mark]
        small + E. </>
        small + = six
        = stop: six
        """)
    // And where only the last one is.
    let last = await self.run(steps, marks: ["8", "2", "9", "7"], rewrites: ["L.\n\n"]) { $0.stepsPerQuestion = 4 }
    #expect(last.rejected.map(\.text) == ["C.\n\n"])
    #expect(last.thinking == "A.\n\nB.\n\nL.\n\nE.")
  }

  @Test func `keeps the end of thinking with the steps before it, and drops it with them`() async throws {
    let steps = ["A.\n\n", "B.\n\n</think>six<|im_end|>"]
    let kept = await run(steps, marks: ["8", "8"]) { $0.stepsPerQuestion = 2 }
    #expect(kept.trace.marks == [8, 8] && kept.thinking == "A.\n\nB.\n\n")
    let dropped = await run(steps + ["six<|im_end|>"], marks: ["8", "1"], rewrites: ["L.</think>"]) {
      $0.stepsPerQuestion = 2
    }
    #expect(dropped.thinking == "A.\n\nL.")
  }

  @Test func `thinks what it thinks with a question for each step, and gives the same marks`() async throws {
    for seed in 0..<12 as Range<UInt64> {
      func marked(_ steps: Int, _ threshold: Double) async -> Run {
        var strategy = SpecReason()
        (strategy.threshold, strategy.mark, strategy.stepsPerQuestion) = (threshold, .expected, steps)
        return await Pair(
          small: FunctionModel.thinker("small"), large: FunctionModel.thinker("large"),
          budget: Budget(thinkingTokens: 60, answerTokens: 4)
        ).run(strategy, seed: seed)
      }
      let (one, four) = (await marked(1, -1), await marked(4, -1))
      #expect(one.thinking == four.thinking && one.answer == four.answer)
      #expect(try four.outcome.usage.large.scored <= one.outcome.usage.large.scored)
      // The steps that are marked have the marks that the paper's way gives them.
      var left = one.trace.marks[...]
      for mark in four.trace.marks {
        let place = try #require(left.firstIndex { abs($0 - mark) < 1e-6 })
        left = left[(place + 1)...]
      }
    }
  }

  @Test func `has marks that are the likeliest digit, or the mean over all ten`() {
    let odds: [Float] = [0, 0, 0.1, 0, 0, 0.2, 0, 0.3, 0, 0.4]
    #expect(SpecReason.Mark.greedy.value(of: odds) == 9)
    #expect(abs(SpecReason.Mark.expected.value(of: odds) - 6.9) < 1e-6)
    #expect(SpecReason.Mark.greedy.value(of: [0.2, 0.4, 0.4]) == 1)
    #expect(abs(SpecReason.Mark.expected.value(of: [Float](repeating: 0.1, count: 10)) - 4.5) < 1e-6)
  }

  @Test func `says which model can't give marks`() async throws {
    let tokenizer = ByteTokenizer(isReversed: true)
    let large = ScriptedModel("9", tokenizer: tokenizer, options: .init(template: SilentTemplate()))
    let run = await Pair(small: ScriptedModel("A.\n\n"), large: large).run(SpecReason())
    let error = try #require(run.error as? ReasoningError)
    #expect(error.description.contains("its template leaves out what an assistant has said"))
    #expect(large.openSessions == 0)
  }

  @Test(
    arguments: [
      ("threshold", .integer(-2), "must be from 0 to 10, or -1, not -2"),
      ("stepTokens", 0, "must be from 1 to 10000000, not 0"),
      ("openingSteps", .integer(-1), "must be from 0 to 10000000, not -1"),
      ("stepsPerQuestion", 0, "must be from 1 to 64, not 0"),
    ] as [(String, Setting, String)])
  func `refuses settings that make no sense`(name: String, value: Setting, reason: String) {
    #expect(throws: ReasoningError.invalidSetting(name: name, reason: reason)) {
      try Strategies.make("spec-reason", settings: [name: value])
    }
  }
}

/// A template that shows only what users say.
private struct SilentTemplate: ChatTemplate {
  var source: String? { nil }

  func render(_ messages: [Message], tools: [Tool], variables: [String: TemplateVariable]) -> [PromptPart] {
    messages.filter { $0.role == .user }.map { PromptPart($0.content, isInput: true) }
  }
}

@Suite struct `Choices that are not among drafts` {
  @Test func `leave a trace without drafts`() async {
    let large = ScriptedModel(scripts: ["quality score": ["9"], "": []])
    let marked = await Pair(small: ScriptedModel("A.</think>six<|im_end|>"), large: large).run(SpecReason())
    let voted = await Pair(small: FunctionModel.thinker("small")).run(LengthFilteredVote())
    for run in [marked, voted] {
      #expect(run.trace.events.contains { if case .selected = $0 { true } else { false } })
      #expect(run.trace.selection == nil)
      #expect(run.trace.drafts.isEmpty)
    }
  }
}
