import TandemInference
import TandemTesting
import Testing

@testable import Tandem

@Suite struct `Early exit, the relative` {
  private func run(_ texts: String..., change: (inout EarlyExit) -> Void = { _ in }) async -> Run {
    var strategy = EarlyExit()
    change(&strategy)
    return await Pair(small: ScriptedModel(scripts: ["": texts])).run(strategy)
  }

  @Test func `ends the thinking before a word, where it is confident of a trial answer`() async throws {
    let run = await run("A. Wait, B.</think>", "{6}\nnever", "six<|im_end|>")
    #expect(
      run.trace.description == """
        small + A.\u{20}
        ? draft 1  [trial]
        small - {6}  [trial]
        small - Wait  [confident]
        inserted +  </>
        inserted + =\u{20}
        small + = six
        = stop: six
        """)
    let usage = try run.outcome.usage.small
    #expect(usage.discarded == 4 + 4)
    #expect(usage.scored == "\n**Final Answer**\n\\boxed".utf8.count)
    #expect(usage.inserted == 2 + 1 + 2)
    #expect(usage.reevaluated == 0)
    #expect(try run.outcome.isTruncated == false)
  }

  @Test func `continues as if nothing had been tried, where it is not`() async throws {
    // A trial that does not end by itself counts for nothing here.
    let text = "A. Wait, B. Wait, C.</think>six<|im_end|>"
    let run = await run(text, "{6}\nnever", "{7}\nnever") { $0.needsEnd = true }
    let alone = await Pair(small: ScriptedModel(text)).run(SmallOnly())
    #expect(run.thinking == alone.thinking)
    #expect(try run.outcome.answer == alone.outcome.answer)
    #expect(run.rejected.map(\.text) == ["{6}\n", "{7}\n"])
    #expect(try run.outcome.usage.small.thinking == alone.outcome.usage.small.thinking)
  }

  @Test func `tries no more often than it may`() async {
    let run = await run("A. Wait, B. Wait, C.</think>six<|im_end|>", "{6}\nnever", "never") {
      ($0.needsEnd, $0.maximumTrials) = (true, 1)
    }
    #expect(run.rejected.count == 1)
  }

  @Test func `asks after a forced end of thinking, for models that answer only there`() async throws {
    let reader = PromptRecorder()
    var strategy = EarlyExit()
    (strategy.trialPlace, strategy.trialText, strategy.trialEnds) = (.answer, "Answer:", [])
    let run = await Pair(small: reader.model("A. Wait six")).run(strategy)
    #expect(reader.longestText.contains("A. \n\n</think>\n\nAnswer: six"))
    #expect(run.rejected.first?.segment == .answer)
  }

  @Test(arguments: [Float(0), 1]) func `tries greedily, and not as the released code does`(temperature: Float) async {
    let model = FunctionModel.table([
      "": ["Wait": 1], "Wait": ["</think>": 1], "?": ["4": 6, "5": 5], "4": ["}}": 1], "5": ["}}": 1],
      "</think>": ["<|im_end|>": 1],
    ])
    var (strategy, seen) = (EarlyExit(), Set<String>())
    strategy.trialTemperature = temperature
    for seed in 0..<20 as Range<UInt64> {
      let run = await Pair(small: model).run(strategy, seed: seed)
      seen.formUnion(run.rejected.filter { $0.text.hasSuffix("}}") }.map(\.text))
    }
    #expect(seen == (temperature == 0 ? ["4}}"] : ["4}}", "5}}"]))
  }

  @Test func `is confident by how likely the tokens of its trial are`() async throws {
    // The first token does not count; the second has probability 0.9, the third 1.
    let model = FunctionModel.table([
      "": ["Wait": 1], "Wait": ["</think>": 1], "?": ["{": 1, "(": 1], "{": ["4": 9, "5": 1], "(": ["4": 9, "5": 1],
      "4": ["}}": 1], "5": ["}}": 1], "</think>": ["<|im_end|>": 1],
    ])
    for (confidence, value) in [(EarlyExit.Confidence.mean, 0.95), (.geometric, 0.948_683), (.least, 0.9)] {
      var strategy = EarlyExit()
      strategy.confidence = confidence
      strategy.threshold = value - 0.001
      let sure = await Pair(small: model).run(strategy)
      #expect(abs(try #require(sure.selection?.scores.first) - value) < 1e-5)
      #expect(sure.selection?.chosen == 0)
      strategy.threshold = value + 0.001
      #expect(await Pair(small: model).run(strategy).selection?.chosen == nil)
    }
  }

  @Test func `never exits with a threshold of 1 or more: the baseline, token by token`() async throws {
    var strategy = EarlyExit()
    (strategy.threshold, strategy.words) = (1.5, ["wait"])
    #expect(strategy.needs == [.small: []])
    for seed in 0..<6 as Range<UInt64> {
      let pair = Pair(small: FunctionModel.thinker("small"))
      let (run, alone) = (await pair.run(strategy, seed: seed), await pair.run(SmallOnly(), seed: seed))
      #expect(run.trace.description == alone.trace.description)
    }
  }

  @Test func `has no confidence if its bounds lie on both sides of the threshold`() throws {
    var strategy = EarlyExit()
    (strategy.threshold, strategy.skippedTokens) = (0.5, 0)
    func confidence(_ logProbability: Measured) throws -> Double {
      let reading = TokenReading(logProbability: logProbability, entropy: .unknown)
      let thought = Thought(
        text: "6", author: .small, segment: .thinking, ending: .limit, tokenCount: 1, readings: [reading])
      return try strategy.confidence(in: Passage([thought]))
    }
    #expect(try abs(confidence(.bounded(-0.5...(-0.1))) - 0.606_53) < 1e-4)
    #expect(try abs(confidence(.bounded(-2...(-1))) - 0.135_34) < 1e-4)
    for logProbability in [Measured.bounded(-1...(-0.1)), .unknown] {
      let error = #expect(throws: EngineError.self) { try confidence(logProbability) }
      #expect(error?.code == "inexact")
    }
  }

  @Test func `has the means of the released code`() {
    let odds: [Float] = [0.9, 0.5, 0.8].map { Softmax.log($0) }
    #expect(abs(EarlyExit.Confidence.mean.value(of: odds) - 0.733_333) < 1e-5)
    #expect(abs(EarlyExit.Confidence.geometric.value(of: odds) - 0.711_379) < 1e-5)
    #expect(abs(EarlyExit.Confidence.least.value(of: odds) - 0.5) < 1e-6)
    #expect(EarlyExit.Confidence.mean.value(of: [Float]()) == 0)
  }

  @Test func `takes a word apart from what was written before, between two tokens`() async throws {
    let model = FunctionModel.table([
      "": ["so, ": 1], "so, ": ["But wait": 1], "But wait": [", ": 1], ", ": ["</think>": 1],
      "</think>": ["<|im_end|>": 1],
    ])
    var strategy = EarlyExit()
    strategy.words = ["wait"]
    let run = await Pair(small: model).run(strategy)  // its trial is certain, and it stops there
    #expect(run.trace.thoughts.first?.text == "so, ")
    let word = try #require(run.rejected.last)
    #expect(word.text == "But wait")
    #expect((word.tokenCount, run.trace.thoughts.first?.tokenCount) == (1, 1))
  }

  @Test(
    arguments: [
      ("threshold", .integer(-1), "must be 0 or more, not -1"),
      ("trialTokens", 0, "must be from 1 to 10000000, not 0"),
      ("maximumTrials", .integer(-1), "must be from 0 to 10000000, not -1"),
      ("words", .list([]), "must have at least 1 entry"),
      ("words", .list([.text("")]), "must not contain an empty text"),
      ("trialTemperature", .integer(-1), "must be from 0 to 1000, not -1"),
    ] as [(String, Setting, String)])
  func `refuses settings that make no sense`(name: String, value: Setting, reason: String) {
    #expect(throws: ReasoningError.invalidSetting(name: name, reason: reason)) {
      try Strategies.make("early-exit", settings: [name: value])
    }
  }
}
