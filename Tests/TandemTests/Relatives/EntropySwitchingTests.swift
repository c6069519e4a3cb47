import TandemInference
import TandemTesting
import Testing

@testable import Tandem

@Suite struct `Entropy switching, the relative` {
  /// "a a " as certain as can be, then "x " or "y " by the toss of a coin, and the end after the large model's "B ".
  private let rows: [String: [String: Float]] = [
    "": ["a ": 1, "B ": 0], "a a ": ["x ": 1, "y ": 1], "B ": ["</think>": 1], "x ": ["z ": 1, "w ": 1],
    "y ": ["z ": 1, "w ": 1], "</think>": ["six": 1], "six": ["<|im_end|>": 1],
  ]

  private func pair(_ change: (inout [String: [String: Float]]) -> Void = { _ in }) -> Pair {
    var large = rows
    large["a a "] = ["B ": 1, "x ": 0, "y ": 0]
    change(&large)
    return Pair(small: FunctionModel.table(rows), large: FunctionModel.table(large))
  }

  @Test func `by R-Stitch drops the token that the small model is not sure of`() async throws {
    for seed in 0..<4 as Range<UInt64> {
      let run = await pair().run(EntropySwitching.rStitch, seed: seed)
      let coin = try #require(run.rejected.first?.text)
      #expect(["x ", "y "].contains(coin))
      #expect(run.rejected.count == 1)
      #expect(
        run.trace.description == """
          small + a a\u{20}
          small - \(coin)  [uncertain]
          > large  [uncertain]
          large + B\u{20}
          > small  [certain]
          small +  </>
          small + = six
          = stop: six
          """)
      let usage = try run.outcome.usage
      #expect(usage.small.discarded == 1)
      #expect(usage.large.handedOver == 2)
      #expect(usage.small.handedOver == 1)
    }
  }

  @Test func `lets the large model write as long as it is not sure either`() async {
    // In doubt after "a a " and after what follows it; sure of "B " then.
    let pair = pair {
      $0["a a "] = ["x ": 1, "y ": 1]
      $0["z "] = ["B ": 1]
      $0["w "] = ["B ": 1]
    }
    let run = await pair.run(EntropySwitching.rStitch, seed: 3)
    let large = run.trace.thoughts.filter { $0.author == .large }
    #expect(large.count == 1)  // one stretch, three tokens
    #expect(large.first?.tokenCount == 3)
    #expect(large.first?.text.hasSuffix("B ") == true)
  }

  @Test func `by EAD keeps that token, and lets each model write for a while`() async throws {
    var strategy = EntropySwitching.entropyAdaptive
    (strategy.window, strategy.minimumTokens, strategy.threshold) = (2, 3, 0.3)
    let pair = pair { rows in for end in ["x ", "y ", ""] { rows[end] = ["B ": 1] } }
    let run = await pair.run(strategy)
    // "a a x": the mean of 0 and ln 2 over two tokens is 0.35.
    let first = try #require(run.trace.thoughts.first)
    #expect(first.tokenCount == 3)
    #expect(run.rejected.isEmpty)
    #expect(run.story.contains("> large  [uncertain]"))
    #expect(run.trace.thoughts.dropFirst().first?.author == .large)
  }

  @Test(arguments: [EntropySwitching.rStitch, .entropyAdaptive])
  func `with a bound that no entropy reaches is the small model alone, token by token`(preset: EntropySwitching)
    async throws
  {
    var strategy = preset
    strategy.threshold = .infinity
    for seed in 0..<6 as Range<UInt64> {
      let large = FunctionModel.thinker("large")
      let run = await Pair(small: FunctionModel.thinker("small"), large: large).run(strategy, seed: seed)
      let alone = await Pair(small: FunctionModel.thinker("small")).run(SmallOnly(), seed: seed)
      #expect(run.trace.description == alone.trace.description)
      #expect(try run.outcome.usage.small.sampled == alone.outcome.usage.small.sampled)
      #expect(large.counters == EngineCounters())
    }
  }

  @Test(arguments: [Setting.text("inf"), .number(.infinity)])
  func `takes an infinite bound from a flag, and writes it into its trace`(bound: Setting) async throws {
    let strategy = try Strategies.make("entropy-switching", settings: ["threshold": bound])
    #expect((strategy as? EntropySwitching)?.threshold == .infinity)
    let run = await pair().run(strategy)
    let header = try #require(try Trace(lines: run.trace.lines()).header)
    #expect(header.settings["threshold"] == .text("inf"))
    let again = try Strategies.make("entropy-switching", settings: header.settings)
    #expect(again as? EntropySwitching == strategy as? EntropySwitching)
  }

  @Test(arguments: [EntropySwitching.rStitch, .entropyAdaptive])
  func `with a bound of 0 is the large model alone, token by token`(preset: EntropySwitching) async throws {
    var strategy = preset
    (strategy.threshold, strategy.answeredBy) = (0, .large)
    for seed in 0..<6 as Range<UInt64> {
      let small = FunctionModel.thinker("small")
      let run = await Pair(small: small, large: FunctionModel.thinker("large")).run(strategy, seed: seed)
      let alone = await Pair(large: FunctionModel.thinker("large")).run(LargeOnly(), seed: seed)
      #expect(run.trace.description == alone.trace.description)
      #expect(small.counters == EngineCounters())
    }
  }

  @Test func `finds delimiters and budgets while it looks for uncertainty`() async throws {
    var strategy = EntropySwitching.entropyAdaptive
    strategy.threshold = 4
    let text = "A.\n\nB é.</think>six<|im_end|>"
    let run = await Pair(small: ScriptedModel(text), large: ScriptedModel()).run(strategy)
    #expect(run.trace.description == "small + A.⏎⏎B é. </>\nsmall + = six\n= stop: six")
    let cut = await Pair(small: ScriptedModel(text), large: ScriptedModel(), budget: Budget(thinkingTokens: 5))
      .run(strategy)
    #expect(cut.thinking.hasPrefix("A.\n\nB"))
    #expect(try cut.outcome.finish == .budget)
  }

  @Test(arguments: [EntropySwitching.rStitch, .entropyAdaptive])
  func `is what looking after each single token would be, greedily`(preset: EntropySwitching) async throws {
    var switches = 0
    for threshold in [0.3, 0.9, 1.1] {
      var strategy = preset
      (strategy.threshold, strategy.isNormalised, strategy.minimumTokens) = (threshold, false, min(preset.window, 3))
      for wait in [0.5, 1, 1.9] as [Float] {
        let pair = Pair(
          small: FunctionModel.thinker("small", wait: wait),
          large: FunctionModel.thinker("large", wait: 2.5, stop: 2.1),
          budget: Budget(thinkingTokens: 40), sampling: .greedy)
        let (run, expected) = (await pair.run(strategy), await pair.run(TokenByToken(strategy: strategy)))
        #expect(run.written == expected.written)
        #expect(run.rejected.map(\.text) == expected.rejected.map(\.text))
        #expect(run.handOvers == expected.handOvers)
        switches += run.written.count - 1
      }
    }
    #expect(switches > 10)
  }

  @Test(
    arguments: [
      ("threshold", .integer(-1), "must be 0 or more, not -1"),
      ("threshold", .text("nan"), "must be 0 or more, not nan"), ("window", 0, "must be from 1 to 10000000, not 0"),
      ("minimumTokens", 0, "must be from 1 to 10000000, not 0"),
    ] as [(String, Setting, String)])
  func `refuses settings that make no sense`(name: String, value: Setting, reason: String) {
    #expect(throws: ReasoningError.invalidSetting(name: name, reason: reason)) {
      try Strategies.make("entropy-switching", settings: [name: value])
    }
  }
}

/// Entropy switching by its definition: one request a token, and a look at all of them.
private struct TokenByToken: Strategy {
  static let name = "token-by-token"
  static let about = StrategyDescription(summary: "", tested: "")
  static let settings: [SettingSpec<Self>] = []
  static let requirements: [Role: EngineCapabilities] = [.small: [], .large: []]
  var strategy = EntropySwitching()

  func reason(in run: inout ReasoningRun) async throws {
    var (writer, entropies) = (Role.small, [Float]())
    while run.canThink {
      let token = try await run.write(writer, upTo: .endOfSegment(atMost: 1))
      entropies += token.readings.compactMap(\.entropy.exact)
      let window = entropies.suffix(strategy.window)
      let (mean, threshold) = (window.reduce(0, +) / Float(window.count), Float(strategy.threshold))
      let isBeyond = writer == .small ? mean > threshold : mean < threshold
      let isCrossed = isBeyond && entropies.count >= strategy.minimumTokens
      if isCrossed && strategy.redoes && writer == .small {
        run.reject(token, because: .uncertain)
      } else {
        try run.accept(token)
      }
      guard isCrossed, run.canThink else { continue }
      run.handOver(to: writer.other, because: writer == .small ? .uncertain : .certain)
      (writer, entropies) = (writer.other, [])
    }
    try await run.conclude(by: strategy.answeredBy)
  }
}

extension Run {
  /// Who wrote what, whatever the pieces.
  fileprivate var written: [String] {
    trace.thoughts.reduce(into: [(Author, String)]()) { pieces, thought in
      if pieces.last?.0 != thought.author { pieces.append((thought.author, "")) }
      pieces[pieces.count - 1].1 += thought.text
    }.map { "\($0.0): \($0.1)" }
  }

  fileprivate var handOvers: [Substring] { story.split(separator: "\n").filter { $0.hasPrefix(">") } }
}
