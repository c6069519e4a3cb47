import Tandem
import TandemTesting
import Testing

/// Scripts: `+` kept, `-` not kept, `=` answer, `</>` end of thinking, brackets: why.
@Suite struct `Speculative Thinking, arXiv 2504.12329` {
  private func story(
    _ small: ScriptedModel, _ large: ScriptedModel, _ change: (inout SpeculativeThinking) -> Void = { _ in }
  ) async -> String {
    await Pair(small: small, large: large).run(SpeculativeThinking.brief(change)).trace.description
  }

  // MARK: - Rule 1: affirmation and reflection

  @Test func `lets the large model write where the small one is about to reflect`() async {
    let small = ScriptedModel("A.\n\nWait, is", "B.</think>6<|im_end|>")
    #expect(
      await story(small, ScriptedModel("No, A is")) == """
        small + A.
        > large  [reflection]
        small - Wait,  [reflection]
        large + No, A
        small + B. </>
        small + = 6
        = stop: 6
        """)
  }

  @Test func `lets the large model write where the small one is about to affirm`() async {
    let small = ScriptedModel("A.\n\nYeah,", "B.</think>6<|im_end|>")
    #expect(
      await story(small, ScriptedModel("So 6.")) == """
        small + A.
        > large  [affirmation]
        small - Yeah,  [affirmation]
        large + So 6.
        small + B. </>
        small + = 6
        = stop: 6
        """)
  }

  @Test func `samples a statement again, and then does not look at it`() async {
    let small = ScriptedModel("A.\n\nSo 3.", "Wait\n\nSo 4.", "B.</think>6<|im_end|>")
    #expect(
      await story(small, ScriptedModel()) == """
        small + A.
        small - So 3.  [statement]
        small + Wait
        small - So 4.  [statement]
        small + B. </>
        small + = 6
        = stop: 6
        """)
  }

  @Test func `continues from a statement that it keeps`() async {
    let small = ScriptedModel("A.\n\nSo 3. B.</think>6<|im_end|>")
    #expect(
      await story(small, ScriptedModel()) { $0.statements = .keep } == """
        small + A.
        small + So 3.
        small +  B. </>
        small + = 6
        = stop: 6
        """)
  }

  @Test(arguments: [
    ("Wait,", "wait:", false), ("Wait,", "So 6.", true), ("Wait,", "Yes: ", true), ("Yeah,", "yeah:", false),
    ("Yeah,", "So 6.", false), ("Yeah,", "wait:", true),
  ])
  func `keeps the probe where the large model does not disagree, if that is not preferred`(
    probe: String, takeover: String, keepsLarge: Bool
  ) async {
    let small = ScriptedModel("A.\n\n\(probe)", "B.</think>6<|im_end|>")
    let story = await story(small, ScriptedModel(takeover)) { $0.prefersLarge = false }
    let reason = probe == "Wait," ? "reflection" : "affirmation"
    let (kept, dropped) =
      keepsLarge ? ("large + \(takeover)", "small - \(probe)") : ("small + \(probe)", "large - \(takeover)")
    #expect(
      story == """
        small + A.
        > large  [\(reason)]
        \(dropped)  [\(reason)]
        \(kept)
        small + B. </>
        small + = 6
        = stop: 6
        """)
  }

  @Test func `takes over for a thought rather than for a number of tokens, and looks at what follows it`() async {
    let small = ScriptedModel("A.\n\nWait, B.\n", "So C.\n\n", "So C.</think>6<|im_end|>")
    let large = ScriptedModel("No.\n\nIt is something else.")
    #expect(
      await story(small, large) {
        $0.takeoverUnit = .thought
        $0.takeoverTokens = 12
        $0.probeTokens = 9
      } == """
        small + A.
        > large  [reflection]
        small - Wait, B.  [reflection]
        large + No.
        small - So C.  [statement]
        small + So C. </>
        small + = 6
        = stop: 6
        """)
  }

  // MARK: - Rule 2: verification

  @Test func `lets the large model continue where what is kept announces a check`() async {
    let small = ScriptedModel("A.\n\nWait,", "B.</think>6<|im_end|>")
    #expect(
      await story(small, ScriptedModel("CHECK it: 6.")) == """
        small + A.
        > large  [reflection]
        small - Wait,  [reflection]
        large + CHECK
        > large  [verification]
        large +  it: 6
        small + B. </>
        small + = 6
        = stop: 6
        """)
  }

  @Test func `does not verify because of a probe that is replaced`() async {
    let small = ScriptedModel("A.\n\ncheck", "B.</think>6<|im_end|>")
    let story = await story(small, ScriptedModel("It is"))
    #expect(!story.contains("[verification]"))
    #expect(story.contains("small - check  [reflection]\nlarge + It is\nsmall + B."))
  }

  @Test func `does not verify because of a take-over that is dropped`() async {
    let small = ScriptedModel("A.\n\nWait,", "B.</think>6<|im_end|>")
    let story = await story(small, ScriptedModel("check")) { $0.prefersLarge = false }
    #expect(!story.contains("[verification]"))
    #expect(story.contains("large - check  [reflection]\nsmall + Wait,\nsmall + B."))
  }

  // MARK: - Rule 3: too many reflections

  @Test func `looks for mistakes after too many reflections, without a probe`() async {
    let small = ScriptedModel("A.\n\nWait,", ".\n\nWait,", ".\n\n", "C.</think>6<|im_end|>")
    #expect(
      await story(small, ScriptedModel("wait.", "Wait!", "Ok 6 it is")) { $0.excessThreshold = 2 } == """
        small + A.
        > large  [reflection]
        small - Wait,  [reflection]
        large + wait.
        small + .
        > large  [reflection]
        small - Wait,  [reflection]
        large + Wait!
        small + .
        inserted + Let me look:
        > large  [too many reflections]
        large + Ok 6
        small + C. </>
        small + = 6
        = stop: 6
        """)
  }

  @Test func `counts a verified thought as reflection as well`() async {
    let small = ScriptedModel("A.\n\nWait,", ".\n\n", "C.</think>6<|im_end|>")
    let story = await story(small, ScriptedModel("check it is 6", "Ok 6")) { $0.excessThreshold = 1 }
    #expect(story.contains("[verification]"))
    #expect(story.contains("[too many reflections]"))
  }

  @Test func `counts what is kept, and not the probe that it replaces`() async {
    let small = ScriptedModel("A.\n\nWait,", ".\n\nWait,", "C.</think>6<|im_end|>")
    let story = await story(small, ScriptedModel("So 6.", "So 7.")) { $0.excessThreshold = 1 }
    #expect(!story.contains("[too many reflections]"))
  }
}
