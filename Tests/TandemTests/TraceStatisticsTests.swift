import Tandem
import TandemTesting
import Testing

@Suite struct `The statistics of a trace` {
  @Test func `are what the run itself counted`() async throws {
    for seed in 0..<6 as Range<UInt64> {
      let pair = Pair(small: FunctionModel.thinker("small"), large: FunctionModel.thinker("large"))
      let run = await pair.run(SpeculativeThinking(), seed: seed)
      let (statistics, usage) = (TraceStatistics(run.trace), try run.outcome.usage)
      #expect(statistics.small.tokens == usage.small.thinking)
      #expect(statistics.small.rejectedTokens == usage.small.discarded)
      #expect(statistics.small.answerTokens == usage.small.answer)
      #expect(statistics.large.tokens == usage.large.thinking)
      #expect(statistics.largeShare == usage.largeShare)
      #expect(
        statistics.handOvers.values.reduce(0, +)
          == run.trace.events.count { if case .handedOver = $0 { true } else { false } })
      #expect(statistics.finish == .stop)
    }
  }

  @Test(arguments: [
    ("A.\n\nB.", 1), ("Wait.\n\nB.", 1), ("A.\n\nWait, B.", 2), ("A.\n\nHmm.\n\nB.\n\nLet me double-check", 3),
    ("A.\n\nThis is a very long beginning, wait", 1), ("", 1), ("A.\n\n\n\nAlternatively", 2),
  ])
  func `count segments of reflection as the released notebook does`(thinking: String, count: Int) async {
    let run = await Pair(small: ScriptedModel(thinking + "</think>6<|im_end|>")).run(SmallOnly())
    #expect(TraceStatistics(run.trace).reflections == count)
  }
}
