import Tandem
import TandemInference
import TandemTesting
import Testing

@Suite struct `The temperature of the stop` {
  /// What becomes of the logit `z` in the row `[z, 1, −2]`.
  private func scaled(_ z: Float, _ temperature: Float, _ measure: StopTemperature.Measure) -> Float {
    let stop = StopTemperature(temperature, measure: measure)
    var row: [Float] = [z, 1, -2]
    guard let processor = stop.processor(for: [Token(rawValue: 0)]) else { return z }
    var span = row.mutableSpan
    processor.process(&span, after: [])
    #expect(row[1] == 1 && row[2] == -2)
    return row[0]
  }

  @Test(
    arguments: [
      (3, 0.5, StopTemperature.Measure.paper, 6), (-3, 0.5, .paper, -6), (3, 2, .paper, 1.5),
      (3, 0.5, .signSafe, 6), (-3, 0.5, .signSafe, -1.5), (0, 0.5, .signSafe, 0),
      (3, 0.5, .shifted, 8), (-1, 0.5, .shifted, 0), (-3, 0.5, .shifted, -3),
      (3, 0.5, .logOdds, 3.693_147_2), (-3, 0.5, .logOdds, -2.306_852_8),
    ] as [(Float, Float, StopTemperature.Measure, Float)])
  func `divides the logit as its measure says`(
    z: Float, temperature: Float, measure: StopTemperature.Measure, expected: Float
  ) {
    #expect(abs(scaled(z, temperature, measure) - expected) < 1e-6)
  }

  @Test func `works against the stop where the paper's formula meets a negative logit`() {
    #expect(scaled(-3, 0.8, .paper) < -3)
    for measure in [StopTemperature.Measure.signSafe, .shifted, .logOdds] { #expect(scaled(-1, 0.8, measure) > -1) }
  }

  @Test func `does not lift a ban`() {
    for measure in StopTemperature.Measure.allCases { #expect(scaled(-.infinity, 0.5, measure) == -.infinity) }
  }

  @Test(arguments: StopTemperature.Measure.allCases)
  func `of 1 changes nothing, not one bit`(measure: StopTemperature.Measure) async throws {
    #expect(StopTemperature(1, measure: measure).processor(for: [Token(rawValue: 0)]) == nil)
    for seed in 0..<4 as Range<UInt64> {
      let pair = Pair(small: FunctionModel.thinker("small"))
      let alone = await pair.run(SmallOnly(), seed: seed)
      var scaling = TemperatureScaling()
      (scaling.stopTemperature, scaling.measure) = (1, measure)
      #expect(await pair.run(scaling, seed: seed).trace.description == alone.trace.description)
    }
  }

  @Test func `below 1 ends the thinking sooner, above 1 later`() async throws {
    // ln 0.3 < 0: the sign-safe form multiplies it by T.
    func tokens(_ temperature: Float) async throws -> Int {
      var strategy = TemperatureScaling()
      strategy.stopTemperature = temperature
      var sum = 0
      for seed in 0..<40 as Range<UInt64> {
        let run = await Pair(small: FunctionModel.thinker("small", stop: 0.3)).run(strategy, seed: seed)
        sum += try run.outcome.usage.small.thinking
      }
      return sum
    }
    let (early, alone, late) = try await (tokens(0.2), tokens(1), tokens(4))
    #expect(early < alone)
    #expect(alone < late)
  }

  @Test func `leaves the answer alone`() async throws {
    // In the answer the end of thinking is as likely as anything; made certain there, it would never end.
    let model = FunctionModel.table([
      "": ["</think>": 1], "</think>": ["six": 1], "six": ["<|im_end|>": 1, "</think>": 0.01],
    ])
    var strategy = TemperatureScaling()
    (strategy.stopTemperature, strategy.measure) = (1e-6, .logOdds)
    let run = await Pair(small: model).run(strategy, seed: 1)
    #expect(try run.outcome.answer == "six")
  }

  @Test func `can be given to a participant of any strategy`() async throws {
    var pair = Pair(small: FunctionModel.thinker("small"), large: FunctionModel.thinker("large"))
    let alone = await pair.run(SpeculativeThinking(), seed: 3)
    pair.small?.stopTemperature = StopTemperature(1e-9, measure: .logOdds)
    let hasty = await pair.run(SpeculativeThinking(), seed: 3)
    #expect(hasty.thinking.count < alone.thinking.count)
  }

  @Test(arguments: [0, -1, .infinity, .nan] as [Float])
  func `must be above 0`(temperature: Float) async throws {
    var pair = Pair(small: FunctionModel.thinker("small"))
    pair.small?.stopTemperature = StopTemperature(temperature)
    let run = await pair.run(SmallOnly())
    #expect(
      "\(try #require(run.error))"
        == "stopTemperature must be above 0 and at most 1000, not \(Setting.number(Double(temperature))).")
  }
}

@Suite struct `The odds of the end of thinking` {
  @Test func `are read after blank lines, and only there`() async throws {
    // Four words of equal weight but the stop, which has half of it: rank 5 of five, p = 1/9.
    let model = FunctionModel.table([
      "": ["a": 1, "b": 1, "c": 1, "\n\n": 1, "</think>": 0.5], "</think>": ["<|im_end|>": 1],
    ])
    let run = await Pair(small: model).run(SmallOnly(), seed: 5)
    let thought = try #require(run.trace.thoughts.first)
    let blanks = thought.text.components(separatedBy: "\n\n").count - 1
    #expect(blanks > 0)
    // One blank line after another leaves one place more, and none at the beginning of the thinking.
    #expect(thought.stops.afterBlankLines.count == blanks)
    #expect(thought.stops.afterBlankLines.allSatisfy { $0.rank == 5 && abs($0.probability - 1 / 9) < 1e-6 })
    #expect(thought.stops.negative == thought.tokenCount)  // ln ½ < 0 at each
    #expect(run.trace.thoughts.last?.stops.isEmpty == true)
  }

  @Test func `are carried from one thought to the next`() async throws {
    var strategy = RandomTakeover()
    strategy.probability = 0
    let small = ScriptedModel("A.\n\nB.\n\nC</think>6<|im_end|>")
    let run = await Pair(small: small, large: ScriptedModel()).run(strategy)
    #expect(run.trace.thoughts.prefix(3).map { $0.stops.afterBlankLines.map(\.position) } == [[], [0], [0]])
  }
}

extension String {
  fileprivate func components(separatedBy separator: String) -> [Substring] {
    split(separator: separator, omittingEmptySubsequences: false)
  }
}
