import Tandem
import TandemTesting
import Testing

@Suite struct `The modes of Speculative Thinking` {
  private func run(
    _ small: ScriptedModel, _ large: ScriptedModel, _ change: (inout SpeculativeThinking) -> Void = { _ in }
  ) async -> Run {
    await Pair(small: small, large: large).run(SpeculativeThinking.brief(change))
  }

  @Test func `of models that do not reason begin with the large one, and let it follow every blank line`() async {
    let small = ScriptedModel("A.\n\nSo 3.", "B.\n\nIt is", "C.</think>6<|im_end|>")
    let large = ScriptedModel("Let us think", "First", "Next,")
    let run = await run(small, large) {
      $0.nonReasoning = true
      $0.openingTokens = 12
    }
    #expect(
      run.trace.description == """
        > large  [opening]
        large + Let us think
        small + A.
        > large  [statement]
        small - So 3.  [statement]
        large + First
        small + B.
        > large  [statement]
        small - It is  [statement]
        large + Next,
        small + C. </>
        small + = 6
        = stop: 6
        """)
  }

  @Test func `let a take-over continue from thinking into the answer`() async {
    let small = ScriptedModel("A.\n\nWait,", "7.<|im_end|>")
    let run = await run(small, ScriptedModel("ok</think>6."))
    #expect(
      run.trace.description == """
        small + A.
        > large  [reflection]
        small - Wait,  [reflection]
        large + ok </>
        large + = 6.
        small + = 7.
        = stop: 6.7.
        """)
  }

  @Test func `let a probe continue into the answer, and discard all of it`() async throws {
    let small = ScriptedModel("A.\n\nB</think>6.7", "C.</think>6<|im_end|>")
    let run = await run(small, ScriptedModel())
    #expect(
      run.trace.description == """
        small + A.
        small - B </>  [statement]
        small - = 6.7  [statement]
        small + C. </>
        small + = 6
        = stop: 6
        """)
    #expect(try run.outcome.usage.small.discarded == 5)
  }

  @Test(arguments: SpeculativeThinking.Scope.allCases)
  func `take over in the answer as well, or in the thinking only`(scope: SpeculativeThinking.Scope) async {
    let small = ScriptedModel("A</think>So.\n\nWait,", ".<|im_end|>")
    let run = await run(small, ScriptedModel("No, 6")) { $0.scope = scope }
    if scope == .everything {
      #expect(
        run.story == """
          small + A </>
          small + = So.
          > large  [reflection]
          small - = Wait,  [reflection]
          large + = No, 6
          small + = .
          """)
    } else {
      #expect(run.story == "small + A </>\nsmall + = So.⏎⏎Wait,.")
    }
  }

  @Test func `let the large model answer`() async {
    let run = await run(ScriptedModel("A.</think>"), ScriptedModel("six<|im_end|>")) {
      $0.scope = .thinking
      $0.answeredBy = .large
    }
    #expect(run.trace.description == "small + A. </>\nlarge + = six\n= stop: six")
  }

  @Test func `end with the small model's turn, though nobody ended the thinking`() async throws {
    let run = await run(ScriptedModel("A.<|im_end|>"), ScriptedModel())
    #expect(run.trace.description == "small + A.\n= stop")
    #expect(try run.outcome.answer == nil)
  }

  @Test func `end with the large model's turn`() async {
    let run = await run(ScriptedModel("A</think>B.\n\nYes, "), ScriptedModel("6<|im_end|>"))
    #expect(
      run.story == """
        small + A </>
        small + = B.
        > large  [affirmation]
        small - = Yes,   [affirmation]
        large + = 6
        """)
  }

  @Test func `do not look for blank lines within what is cut at its limit`() async {
    let run = await run(ScriptedModel("Wait, wait, A.</think>6<|im_end|>"), ScriptedModel()) { $0.segmentTokens = 6 }
    #expect(run.story == "small + Wait,\u{20}\nsmall + wait,\u{20}\nsmall + A. </>\nsmall + = 6")
  }

  @Test func `find a blank line in the middle of a token`() async {
    let tokenizer = ByteTokenizer(words: ["x.\n\nSo"])
    let small = ScriptedModel("Ax.\n\nSo, yes", "B</think>6<|im_end|>", tokenizer: tokenizer)
    let run = await run(small, ScriptedModel("No, 6", tokenizer: tokenizer))
    #expect(run.story.hasPrefix("small + Ax.⏎⏎So\n> large  [affirmation]\nsmall - , yes"))
  }

  @Test func `stop when their time is up, and answer`() async throws {
    let slow = MemoryOptions { _ in try await Task.sleep(for: .milliseconds(20)) }
    let small = ScriptedModel("A.\n\n", "B.\n\n", "C.\n\n", "6<|im_end|>", options: slow)
    let run = await run(small, ScriptedModel()) { $0.timeOut = 0.05 }
    #expect(run.story.hasPrefix("small + A.\ninserted +  </>\ninserted + =\u{20}\n"))
    #expect(try run.outcome.finish == .deadline)
    #expect(try run.outcome.isTruncated)
  }

  @Test func `are not late when they were done in time`() async throws {
    let slow = MemoryOptions { _ in try await Task.sleep(for: .milliseconds(20)) }
    let run = await run(ScriptedModel("A.<|im_end|>", options: slow), ScriptedModel()) { $0.timeOut = 0.05 }
    #expect(try run.outcome.finish == .stop)
  }
}
