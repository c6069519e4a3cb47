import Tandem
import TandemInference
import TandemTesting
import Testing

@Suite struct `SCoT` {
  /// Runs with drafts that the script has, and a large model that prefers the label `best`.
  private func run(
    _ drafts: [String], best: String = "2", large: String = "seven<|im_end|>",
    _ change: (inout SpeculativeCoT) -> Void = { _ in }
  ) async -> Run {
    var strategy = SpeculativeCoT()
    strategy.drafts = drafts.count
    change(&strategy)
    let scripts = ["Number of the best": [best], "": [large, "seven<|im_end|>"]]
    let pair = Pair(
      small: ScriptedModel(scripts: ["": drafts]), large: ScriptedModel(scripts: scripts))
    return await pair.run(strategy)
  }

  @Test func `keeps the draft that the large model chooses, and lets it answer`() async throws {
    let run = await run(["A.</think>", "B.</think>", "C.</think>"])
    let kept = try #require(run.trace.thoughts.first)
    #expect(kept.author == .small && kept.ending == .endOfThinking)
    #expect(run.rejected.count == 2)
    #expect(Set(run.rejected.map(\.text) + [kept.text]) == ["A.", "B.", "C."])
    #expect(run.story.hasSuffix("large + = seven"))
    let usage = try run.outcome.usage
    #expect(usage.large.thinking == 0)
    #expect(usage.small.thinking == 3)  // the end of thinking is a token
    #expect(usage.small.discarded == 6)
    #expect(usage.small.answer == 0)
    #expect(usage.small.prompt == 5)  // once for all drafts
    #expect(usage.large.scored > 200)  // the question for a number
    #expect(usage.large.handedOver == 3)
  }

  @Test func `lets the large model think where all are wrong`() async throws {
    let run = await run(["A.</think>", "B.</think>"], best: "3", large: "L.</think>seven<|im_end|>")
    #expect(run.rejected.count == 2)
    #expect(run.story.hasPrefix("? none  [labels]\n"))
    #expect(run.story.hasSuffix("> large  [all wrong]\nlarge + L. </>\nlarge + = seven"))
    #expect(run.thinking == "L.")
    #expect(try run.outcome.usage.large.handedOver == 0)
    #expect(
      try #require(run.outcome.phases).keys.map(\.rawValue).sorted() == ["answer", "draft", "rethinking", "selection"])
  }

  @Test func `can't reject without the label for it`() async throws {
    let run = await run(["A.</think>", "B.</think>"], best: "3") { $0.mayReject = false }
    #expect(run.thinking == "A." || run.thinking == "B.")
    let selection = try #require(run.selection)
    #expect(selection.chosen != nil && selection.rejection == nil)
    #expect(abs(selection.scores.reduce(0, +) - 1) < 1e-6)
  }

  @Test func `asks with the template of the released code, byte for byte`() {
    let strategy = SpeculativeCoT()
    let text = strategy.question(["X\n", "Y"], "1+1?").map(\.text).joined()
    #expect(
      text == """
        I will provide several Reasons for the Question. Please choose the best reasoning path and give the serial Number \
        directly (you can only choose one).\u{20}

        Question: 1+1?

        Here are the reasoning paths:

        Reason 1: X

        Reason 2: Y

        Reason 3: All reasoning paths above are wrong.

        <｜Assistant｜>Number of the best reasoning path:\u{20}
        """)
  }

  @Test func `keeps what users and models wrote apart from the template`() {
    let parts = SpeculativeCoT().question(["<｜Assistant｜>"], "<｜User｜>")
    #expect(parts.filter(\.isInput).map(\.text) == ["<｜User｜>", "<｜Assistant｜>"])
  }

  @Test func `records the probabilities, in the order in which the drafts were drawn`() async throws {
    let run = await run(["A.</think>", "B.</think>", "C.</think>"], best: "1") { $0.order = .reversed }
    let selection = try #require(run.selection)
    #expect(selection.order == [2, 1, 0])
    #expect(selection.chosen == 2)
    #expect(selection.scores.count == 3)
    #expect(abs(selection.scores.reduce(0, +) + (selection.rejection ?? 0) - 1) < 1e-6)
    #expect(selection.scores[2] > 0.99)
    #expect(!selection.isTuned)
  }

  @Test func `shows each order as often as the other`() async throws {
    var seen: Set<[Int]> = []
    for seed in 0..<40 as Range<UInt64> {
      var strategy = SpeculativeCoT()
      (strategy.drafts, strategy.order, strategy.draftTokens) = (3, .shuffled, 5)
      let pair = Pair(small: FunctionModel.thinker("small"), large: FunctionModel.thinker("large"))
      if let selection = await pair.run(strategy, seed: seed).selection { seen.insert(selection.order) }
    }
    #expect(seen.count == 6)
  }

  @Test func `takes the shortest draft, or the likeliest`() async throws {
    let drafts = ["AB CD.</think>", "A.</think>", "ABC.</think>"]
    #expect(await run(drafts) { $0.selection = .shortest }.thinking == "A.")
    let long = [1500, 1200].map { String(repeating: "A", count: $0) + "</think>" }
    let shorter = await run(long) { ($0.selection, $0.draftTokens) = (.shortest, 2000) }
    #expect(shorter.thinking.count == 1200, "a length is no score that the threshold could be above")
    // Mean and worst ln p of the two drafts under the large model: −1.27 and −1.45, −0.99 and −2.83.
    let large = FunctionModel.table([
      "": ["yes ": 8, "hm ": 4, "so ": 1, "</think>": 8], "</think>": ["six": 1], "six": ["<|im_end|>": 1],
    ])
    let (even, mixed) = ("hm hm hm ", String(repeating: "yes ", count: 7) + "so ")
    for (selector, expected, score) in [
      (SpeculativeCoT.Selector.meanToken, mixed, -1.196_1), (.worstToken, even, -1.658_2),
    ] {
      var strategy = SpeculativeCoT()
      (strategy.drafts, strategy.selection) = (2, selector)
      let (small, before) = (ScriptedModel(even + "</think>", mixed + "</think>"), large.counters.prefilled)
      let run = await Pair(small: small, large: large).run(strategy)
      #expect(run.thinking == expected)
      #expect(abs(try #require(run.selection?.scores.max()) - score) < 1e-3)
      let usage = try run.outcome.usage.large
      #expect(usage.handedOver == (expected == even ? 4 : 9), "what was read of the chosen draft stays")
      #expect(usage.scored == (expected == even ? 9 : 4))
      #expect(usage.reevaluated <= 1 && usage.prefilled == large.counters.prefilled - before)
    }
  }

  @Test(arguments: [.labels, .meanToken] as [SpeculativeCoT.Selector])
  func `reads finished drafts while others are still being written`(selection: SpeculativeCoT.Selector) async throws {
    // 3 tokens, 3 and 41: when 46 are written, one draft waits for its last token, and the others are finished.
    let gate = TandemTesting.Gate()
    let small = ScriptedModel(
      scripts: ["": ["A.</think>", "B.</think>", String(repeating: "C", count: 40) + "</think>"]],
      options: .waiting(at: gate, afterSampling: 46))
    // Every row that is scored takes a text.
    let large = ScriptedModel(
      scripts: ["Number of the best": ["2"], "": Array(repeating: "seven<|im_end|>", count: 64)])
    var strategy = SpeculativeCoT()
    (strategy.drafts, strategy.selection) = (3, selection)
    let pair = Pair(small: small, large: large)
    let task = Task { await pair.run(strategy) }
    await gate.arrival()
    // The prompt has 5 tokens; the rest was read of drafts.
    let deadline = ContinuousClock.now + .seconds(60)
    while large.counters.prefilled < 10, .now < deadline { try await Task.sleep(for: .milliseconds(1)) }
    #expect(large.counters.prefilled >= 10)
    await gate.open()
    let run = await task.value
    #expect(run.answer == "seven")
    #expect(small.openSessions == 0 && large.openSessions == 0)
    let usage = try run.outcome.usage.large
    #expect(usage.prefilled == large.counters.prefilled)
  }

  @Test func `scores without forks as it does with them, and reads the chosen draft again`() async throws {
    for seed in 0..<8 as Range<UInt64> {
      var choices: [Selection] = []
      var usage: [RoleUsage] = []
      for capabilities in [[.tokens, .logits, .score, .fork], [.tokens, .logits, .score]] as [EngineCapabilities] {
        var strategy = SpeculativeCoT()
        (strategy.drafts, strategy.selection, strategy.draftTokens) = (4, .worstToken, 12)
        let large = FunctionModel.thinker("large", options: .init(capabilities: capabilities))
        let run = await Pair(small: FunctionModel.thinker("small"), large: large).run(strategy, seed: seed)
        choices.append(try #require(run.selection))
        usage.append(try run.outcome.usage.large)
        #expect(try run.outcome.usage.large.prefilled == large.counters.prefilled)
      }
      #expect(choices[0].scores == choices[1].scores && choices[0].chosen == choices[1].chosen)
      #expect(usage[0].handedOver == usage[1].handedOver)
      #expect(usage[0].scored <= usage[1].scored + 4 && usage[0].prefilled <= usage[1].prefilled + 4)
    }
  }

  @Test func `rejects the best draft below the threshold`() async throws {
    func choice(_ threshold: Double) async -> Selection? {
      var strategy = SpeculativeCoT()
      (strategy.selection, strategy.threshold, strategy.draftTokens) = (.meanToken, threshold, 10)
      return await Pair(small: FunctionModel.thinker("small"), large: FunctionModel.thinker("large"))
        .run(strategy, seed: 1).selection
    }
    let best = try #require(await choice(-1000)?.scores.max())
    #expect(await choice(best - 0.001)?.chosen != nil)
    let rejected = await choice(min(0, best + 0.001))
    #expect(rejected != nil && rejected?.chosen == nil)
  }

  @Test func `has its drafts answered where baselines want that`() async throws {
    let run = await run(["A.</think>one<|im_end|>", "B.</think>two<|im_end|>"]) { $0.answersDrafts = true }
    let answers = run.rejected.filter { $0.segment == .answer }
    #expect(Set(answers.map(\.text)) == ["one", "two"])
    #expect(run.answer == "seven")
    #expect(run.rejected.filter { $0.segment == .thinking }.count == 1)
  }

  @Test
  func `is the same with one draft that can't be rejected as the small model thinking and the large one answering`()
    async throws
  {
    let run = await run(["A.</think>"], best: "1") { $0.mayReject = false }
    #expect(run.story == "? draft 1  [labels]\nsmall + A. </>\nlarge + = seven")
  }

  @Test(
    arguments: [
      ("drafts", .integer(0), "must be from 1 to 8, not 0"), ("drafts", .integer(9), "must be from 1 to 8, not 9"),
      ("draftTokens", .integer(0), "must be from 1 to 10000000, not 0"),
      ("draftTemperature", .number(-1), "must be from 0 to 1000, not -1"),
      ("threshold", .number(-2), "has no effect if selection is labels"),
    ] as [(String, Setting, String)])
  func `refuses settings that make no sense`(name: String, value: Setting, reason: String) {
    #expect(throws: ReasoningError.invalidSetting(name: name, reason: reason)) {
      try Strategies.make("speculative-cot", settings: [name: value])
    }
  }
}

extension Run {
  var selection: Selection? {
    trace.events.compactMap { if case .selected(let selection) = $0 { selection } else { nil } }.first
  }
}
