import Tandem
import TandemInference
import TandemTesting
import Testing

@Suite struct `The statistics of stops` {
  @Test func `count blank lines after which the end of thinking is likely`() async {
    // After a blank line the end has probability 1/4, and is the second of three.
    let model = FunctionModel.table([
      "": ["so ": 1], "so ": ["\n\n": 1], "\n\n": ["so ": 2, "hm ": 1, "</think>": 1],
      "hm ": ["</think>": 1], "</think>": ["six": 1], "six": ["<|im_end|>": 1],
    ])
    for seed in 0..<4 as Range<UInt64> {
      let run = await Pair(small: model).run(SmallOnly(), seed: seed)
      let stops = TraceStatistics(run.trace).stops
      let lines = run.thinking.split(separator: "\n\n", omittingEmptySubsequences: false).count - 1
      #expect(stops.readings == lines && lines > 0)
      #expect(stops.amongFive == lines && stops.likeliest == 0)
      #expect(abs(stops.probability - Double(lines) / 4) < 1e-5)
    }
  }

  // Distinct runs of all runs: 3 of 3, 4 of 5, 1 of 3, 1 of 1.
  @Test(
    arguments: [
      ("a b c d e f", 0), ("a b c d a b c d", 0.2), ("x x x x x x", 0.666_667), ("one\n\ntwo three four", 0),
    ] as [(String, Double)])
  func `take a run of four words that was there before for a repetition`(text: String, rate: Double) throws {
    #expect(abs(try #require(Repetition.rate(of: text)) - rate) < 1e-6)
  }

  @Test func `know no repetition in less than four words`() { #expect(Repetition.rate(of: "a a a") == nil) }
}
