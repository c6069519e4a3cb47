import TandemInference
import TandemTesting
import Testing

@testable import Tandem

@Suite struct `NoThinking, the relative` {
  @Test func `says that it has finished, and answers`() async throws {
    let reader = PromptRecorder()
    let run = await Pair(small: reader.model("six")).run(NoThinking())
    #expect(reader.prompt == "Q\n\n<think>\nOkay, I think I have finished thinking.\n</think>\n\n")
    #expect(run.story == "inserted + Okay, I think I have finished thinking. </>\ninserted + =\u{20}\nsmall + = six")
    #expect(try run.outcome.isTruncated == false)
    #expect(try run.outcome.usage.small.thinking == 0)
  }

  @Test func `can answer several times, and take the majority`() async throws {
    var strategy = NoThinking()
    strategy.samples = 3
    let small = ScriptedModel("one<|im_end|>", "two<|im_end|>", "two<|im_end|>")
    let run = await Pair(small: small).run(strategy)
    #expect(try run.outcome.answer == "two")
    #expect(Set(run.rejected.map(\.text)) == ["one", "two"])
    #expect(small.openSessions == 0)
  }

  @Test(arguments: [0, 100_000]) func `answers at least once, and no more often than there is room`(samples: Int) {
    #expect(throws: ReasoningError.invalidSetting(name: "samples", reason: "must be from 1 to 255, not \(samples)")) {
      try Strategies.make("no-thinking", settings: ["samples": .integer(samples)])
    }
  }
}

@Suite struct `Strategies that speak English to a model` {
  @Test(arguments: [ChainOfDraft.about, CoThink.about, ConciseHint.about])
  func `say that nothing was measured with the nano pair, which does not read it`(about: StrategyDescription) {
    #expect(about.tested.contains("not measured"))
    #expect(!about.tested.contains("on the nano pair"))
  }
}

@Suite struct `Chain of Draft, the relative` {
  @Test func `is told what the released code tells, before the problem's own instructions and examples`() async {
    let reader = PromptRecorder()
    var strategy = ChainOfDraft()
    strategy.examples = ["How many are left of 21 - 15?", "21 - 15 = 6. #### 6"]
    var pair = Pair(small: reader.model("six"))
    pair.problem.instructions = "Be kind."
    _ = await pair.run(strategy)
    #expect(
      reader.prompt == """
        Think step by step, but only keep minimum draft for each thinking step, with 5 words at most.
        Return the answer at the end of the response after a separator ####.

        Be kind.

        How many are left of 21 - 15?

        21 - 15 = 6. #### 6

        Q

        <think>

        """)
  }

  @Test func `has as many answers as questions`() {
    #expect(throws: ReasoningError.self) {
      try Strategies.make("chain-of-draft", settings: ["examples": .list([.text("Q")])])
    }
  }

  @Test func `fails where the longer prompt leaves no room`() async {
    let small = ScriptedModel("six", options: .init(contextSize: 100))
    let run = await Pair(small: small, budget: Budget(thinkingTokens: 20, answerTokens: 20)).run(ChainOfDraft())
    guard case .noRoom(_, _, answer: 20, window: 100)? = run.error as? ReasoningError else {
      return #expect(Bool(false), "\(String(describing: run.error))")
    }
    #expect(small.openSessions == 0)
  }
}

@Suite struct `CoThink, the relative` {
  @Test func `has one model plan, and the other one solve along the plan`() async throws {
    let (planner, solver) = (PromptRecorder(), PromptRecorder())
    let run = await Pair(small: solver.model("B.</think>six"), large: planner.model("A.</think>1. Add."))
      .run(CoThink())
    #expect(planner.prompt.hasSuffix("Problem:\nQ\n\n<think>\n"))
    #expect(
      solver.prompt == """
        Q

        Outline:
        1. Add.

        Work out the solution following the outline; deviate only if a step is wrong. Put the final answer in \\boxed{}.

        <think>

        """)
    #expect(
      run.trace.description == """
        > large  [plan]
        large - A. </>  [plan]
        large - = 1. Add.  [plan]
        > small  [plan]
        small + B. </>
        small + = six
        = stop: six
        """)
    #expect(try run.outcome.usage.small.handedOver == 0)  // it reads the plan in its prompt
  }

  @Test func `takes all that a planner writes that does not think, up to its bound`() async {
    let solver = PromptRecorder()
    var strategy = CoThink()
    (strategy.planTokens, strategy.solveRequest) = (6, "{outline}|{question}")
    var pair = Pair(small: solver.model("six"), large: ScriptedModel("1. Add all."))
    pair.large?.format = .unmarked
    pair.problem.question = "Is it {outline}?"
    _ = await pair.run(strategy)
    #expect(solver.prompt == "1. Add|Is it {outline}?\n\n<think>\n")
  }

  @Test(
    arguments: [
      ("planTokens", 0, "must be from 1 to 10000000, not 0"),
      ("solveRequest", .text("{question}"), "must contain {outline}"),
      ("planRequest", .text(""), "must contain {question}"),
    ] as [(String, Setting, String)])
  func `refuses settings that make no sense`(name: String, value: Setting, reason: String) {
    #expect(throws: ReasoningError.invalidSetting(name: name, reason: reason)) {
      try Strategies.make("co-think", settings: [name: value])
    }
  }
}

@Suite struct `ConciseHint, the relative` {
  @Test func `puts its hint after a blank line, the seldomer the longer it has thought`() async throws {
    var strategy = ConciseHint()
    (strategy.interval, strategy.growth, strategy.hint) = (4, 0.5, "<brief>")
    let text = "ABCDEF.\n\nABCDEFGHIJKLMNOP.\n\nC.</think>six<|im_end|>"
    let run = await Pair(small: ScriptedModel("ABCDEF.\n\n", "ABCDEFGHIJKLMNOP.\n\n", "C.</think>six<|im_end|>")).run(
      strategy)
    #expect(
      run.story == """
        small + ABCD
        small + EF.
        inserted + <brief>
        small + ABCDEFGHIJKLMN
        small + OP.
        inserted + <brief>
        small + C. </>
        small + = six
        """)
    // 5 tokens of prompt, and 8 + 7 of thinking with the hint: 4 + 0.5 · 20 = 14.
    #expect(
      run.thinking.replacing("<brief>", with: "") == text.split(separator: "</think>").first.map(String.init) ?? "")
  }

  @Test(arguments: [(0, 128), (100, 148), (1000, 328), (4480, 1024), (10_000, 1024)])
  func `waits as long as the released code does`(tokens: Int, interval: Int) {
    #expect(ConciseHint().length(after: tokens) == interval)
  }

  @Test(arguments: ["interval", "maximumInterval", "searchTokens"]) func `has no empty intervals`(name: String) {
    #expect(throws: ReasoningError.invalidSetting(name: name, reason: "must be from 1 to 10000000, not 0")) {
      try Strategies.make("concise-hint", settings: [name: 0])
    }
  }
}
