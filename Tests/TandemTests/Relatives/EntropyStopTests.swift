import TandemInference
import TandemTesting
import Testing

@testable import Tandem

@Suite struct `Entropy stop, the relative` {
  private func strategy(_ change: (inout EntropyStop) -> Void = { _ in }) -> EntropyStop {
    var strategy = EntropyStop()
    strategy.paragraphCharacters = 0
    change(&strategy)
    return strategy
  }

  @Test func `stops where the answers that it would give agree`() async throws {
    let small = ScriptedModel("A.\n\nB.</think>", "6} or", "6} or", "six<|im_end|>")
    let run = await Pair(small: small).run(strategy { $0.candidates = 2 })
    #expect(
      run.trace.description == """
        small + A.
        small - = 6}  [trial]
        small - = 6}  [trial]
        ? draft 1  [answers]
        inserted +  </>
        inserted + =\u{20}
        small + = six
        = stop: six
        """)
    #expect(run.selection?.scores == [1])
    #expect(try run.outcome.isTruncated == false)
  }

  @Test func `continues where they differ, or have no end`() async throws {
    let text = "A.\n\nB.\n\nC.</think>six<|im_end|>"
    let small = ScriptedModel(text, "6} or", "7} or", "never an end", "never an end")
    let run = await Pair(small: small).run(strategy { $0.candidates = 2 })
    let alone = await Pair(small: ScriptedModel(text)).run(SmallOnly())
    #expect(run.thinking == alone.thinking)
    let looks = run.trace.events.compactMap { if case .selected(let selection) = $0 { selection.scores } else { nil } }
    #expect(looks == [[0.5, 0.5], []])
  }

  @Test func `asks after a forced end of thinking, with the dollar closed`() async {
    let reader = PromptRecorder()
    _ = await Pair(small: reader.model("A.\n\nB")).run(strategy { $0.candidates = 1 })
    let question = "Please box your final answer via $\\boxed{your answer}$. The correct answer is: \\boxed{"
    #expect(reader.longestText.contains("<think>\nA.\n\n</think>\n\nQuestion: Q\n\n\(question)"))
  }

  @Test func `looks at the odds of the options, where there are any`() async throws {
    let model = FunctionModel.table([
      "": ["hm ": 1, "\n\n": 1], "?": ["A": 3, "B": 1], "</think>": ["<|im_end|>": 1],
    ])
    let options = strategy { ($0.options, $0.ratio) = (["A", "B"], 0.7) }
    let budget = Budget(thinkingTokens: 10)
    let run = await Pair(small: model, budget: budget).run(options, seed: 1)
    // H(¾, ¼) = 0.811 bits, for each option 0.406; the bar is 0.7 / (e ln 2) = 0.3715.
    let scores = try #require(run.selection?.scores)
    #expect(abs(scores[0] - 0.75) < 1e-6)
    #expect(run.selection?.chosen == nil)
    let milder = strategy { ($0.options, $0.ratio) = (["A", "B"], 0.8) }
    #expect(await Pair(small: model, budget: budget).run(milder, seed: 1).selection?.chosen == 0)
  }

  @Test func `counts short paragraphs with the next`() async {
    let small = ScriptedModel("A.\n\nB.\n\nC.\n\nD.</think>six<|im_end|>", "6} or")
    let run = await Pair(small: small).run(strategy { ($0.candidates, $0.paragraphCharacters) = (1, 8) })
    #expect(run.trace.events.compactMap(\.script).prefix(3) == ["small + A.", "small + B.", "small - = 6}  [trial]"])
  }

  @Test func `never stops with ratio 0: the baseline, token by token`() async {
    for seed in 0..<6 as Range<UInt64> {
      let pair = Pair(small: FunctionModel.thinker("small"))
      let (run, alone) = (
        await pair.run(strategy { $0.ratio = 0 }, seed: seed), await pair.run(SmallOnly(), seed: seed)
      )
      #expect(run.trace.description == alone.trace.description)
    }
  }

  @Test(
    arguments: [
      ([1], true), ([0.5, 0.5], false), ([0.97, 0.03], true), ([0.9, 0.1], false), ([], false),
      ([0.96, 0.01, 0.01, 0.01, 0.01], true), ([0.8, 0.1, 0.05, 0.05], false),
    ] as [([Double], Bool)])
  func `is sure below 0.159 bits for each candidate`(answers: [Double], isSure: Bool) {
    #expect(EntropyStop().isSure(of: answers) == isSure)
  }

  @Test func `makes probabilities of likelihoods`() {
    let odds = EntropyStop.normalised([0.3, 0.1].map { Softmax.log($0) })
    #expect(abs(odds[0] - 0.75) < 1e-6 && abs(odds[1] - 0.25) < 1e-6)
    #expect(EntropyStop.normalised([]).isEmpty)
    #expect(EntropyStop.normalised([-.infinity]).isEmpty)
  }

  @Test(
    arguments: [
      ("ratio", .integer(-1), "must be 0 or more, not -1"), ("candidates", 0, "must be from 1 to 255, not 0"),
      ("options", .list([.text("A")]), "must be none, or at least two"),
    ] as [(String, Setting, String)])
  func `refuses settings that make no sense`(name: String, value: Setting, reason: String) {
    #expect(throws: ReasoningError.invalidSetting(name: name, reason: reason)) {
      try Strategies.make("entropy-stop", settings: [name: value])
    }
  }
}

@Suite struct `Information` {
  @Test func `is gained where the entropy of the answers falls`() {
    let gain = InformationGain(distributions: [[0.25, 0.25, 0.25, 0.25], [0.5, 0.5], [1], [0.9, 0.1]])
    for (value, expected) in zip(gain.entropies, [2, 1, 0, 0.468_996]) { #expect(abs(value - expected) < 1e-5) }
    for (value, expected) in zip(gain.gains, [1, 1, -0.468_996]) { #expect(abs(value - expected) < 1e-5) }
  }

  @Test func `is read from the looks of a run`() async throws {
    var strategy = EntropyStop()
    (strategy.paragraphCharacters, strategy.candidates) = (0, 2)
    // The second look finds no end of an answer.
    let small = ScriptedModel(
      "A.\n\nB.\n\nC.\n\nD.</think>", "6}", "7}", "no end here", "no end here", "7}", "7}", "six<|im_end|>")
    let run = await Pair(small: small).run(strategy)
    let gain = try #require(InformationGain(try Trace(lines: run.trace.lines())))
    #expect(gain.entropies.map { ($0 * 1000).rounded() } == [1000, 0])
    #expect(InformationGain(Trace([])) == nil)
  }

  /// Computed with NumPy from the formula.
  @Test(arguments: [(1.0, 2.999_453), (5, 2.928_837), (50, 0.947_496)])
  func `of one chain about another is their dependence`(sigma: Double, expected: Double) throws {
    let (x, y) = (
      [[1, 0], [0, 2], [3, 1], [1, 1]] as [[Float]], [[0, 1], [1, 2], [2, 0], [5, 1]] as [[Float]]
    )
    let value = try #require(KernelDependence.value(of: x, on: y, sigma: sigma))
    #expect(abs(value - expected) < 2e-3)
    #expect(abs(try #require(KernelDependence.value(of: y, on: x, sigma: sigma)) - value) < 1e-6)
  }

  @Test func `has no dependence on what does not change, or can't be compared`() throws {
    let x: [[Float]] = [[1, 0], [0, 2], [3, 1]]
    #expect(abs(try #require(KernelDependence.value(of: x, on: [[1], [1], [1]]))) < 1e-9)
    #expect(KernelDependence.value(of: x, on: [[1]]) == nil)
    #expect(KernelDependence.value(of: [[1]], on: [[1]]) == nil)
  }

  @Test func `is biased where much is written that depends little on the references`() throws {
    func samples(_ question: String, tokens: Int, _ rows: [[Float]]) -> [InformationBias.Sample] {
      rows.map { InformationBias.Sample(question: question, tokens: tokens, embedding: $0) }
    }
    let (spread, same) = ([[1, 0], [0, 3], [2, 2]] as [[Float]], [[1, 0], [2, 0], [3, 0]] as [[Float]])
    let chains =
      samples("long", tokens: 200, spread) + samples("short", tokens: 100, spread) + samples("idle", tokens: 100, same)
      + samples("alone", tokens: 1, spread) + samples("once", tokens: 1, [[1, 0]])
    let references = ["short", "idle", "long", "once"].flatMap { samples($0, tokens: 5, spread) }
    let measured = InformationBias.measure(of: chains, against: references)
    #expect(measured.map(\.question) == ["long", "short", "idle"])
    #expect(measured.map(\.tokens) == [200, 100, 100])
    // Twice the tokens for the same dependence is half of the rate; chains that point one way depend on nothing.
    #expect(zip(measured.map(\.bias), [0.5, 0, 1]).allSatisfy { abs($0 - $1) < 1e-6 })
    let units = [[1, 0], [0, 1], [0.707_107, 0.707_107]] as [[Float]]
    let whole = try #require(KernelDependence.value(of: units, on: units))
    #expect(abs(measured[1].dependence - whole) < 1e-4)
    #expect(InformationBias.measure(of: chains, against: []).isEmpty)
    #expect(
      InformationBias.measure(of: samples("one", tokens: 9, spread), against: samples("one", tokens: 9, same))
        .map(\.bias) == [1])
  }

  @Test func `compares as many chains of each problem`() {
    func samples(_ question: String, _ count: Int) -> [InformationBias.Sample] {
      (0..<count).map { .init(question: question, tokens: 10, embedding: [Float($0), 1]) }
    }
    let measured = InformationBias.measure(
      of: samples("a", 5) + samples("b", 3), against: samples("a", 4) + samples("b", 9))
    #expect(measured.map(\.bias) == [1, 1], "the first three of both are the same")
  }
}
