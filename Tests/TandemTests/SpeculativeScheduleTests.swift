import Tandem
import TandemTesting
import Testing

@Suite struct `The counter of reflections` {
  /// A small model that reflects after every blank line, and a large one that agrees; which of them writes how much.
  private func takeovers(_ strategy: SpeculativeThinking, rounds: [Int]) async -> [Int] {
    let tokenizer = ByteTokenizer(alphabet: Array("?Wwait.\nx".utf8))
    let boundaries = rounds.reduce(0, +) + rounds.count
    let budget = Budget(thinkingTokens: 30_000)
    let small = ScriptedModel(
      scripts: ["": Array(repeating: ".\n\nWait", count: boundaries) + ["x</think>x<|im_end|>"]], tokenizer: tokenizer)
    let texts = rounds.flatMap { Array(repeating: "wait", count: $0) + [String(repeating: "x", count: 220)] }
    let large = ScriptedModel(scripts: ["": texts], tokenizer: tokenizer)
    let run = await Pair(small: small, large: large, budget: budget).run(strategy)
    // How many take-overs of one probe's length lie between those that look for mistakes, and how long these are.
    var (counts, short) = ([Int](), 0)
    for thought in run.trace.thoughts where thought.author == .large {
      if thought.text == "wait" { short += 1 } else { counts += [short, thought.tokenCount] }
      if thought.text != "wait" { short = 0 }
    }
    return counts
  }

  @Test func `follows the schedules of the released code`() async {
    var strategy = SpeculativeThinking.paper
    strategy.probeTokens = 4
    strategy.takeoverTokens = 4
    let counts = await takeovers(strategy, rounds: [15, 20, 25, 30, 30])
    #expect(counts == [15, 125, 20, 150, 25, 175, 30, 200, 30, 200])
  }

  @Test func `follows any other schedule`() async {
    let strategy = SpeculativeThinking.brief {
      ($0.probeTokens, $0.takeoverTokens, $0.excessTokens) = (4, 4, 10)
      ($0.excessIncrement, $0.excessMaximum) = (7, 20)
      ($0.excessThreshold, $0.thresholdIncrement, $0.thresholdMaximum) = (1, 2, 4)
      $0.excessText = ""
    }
    #expect(await takeovers(strategy, rounds: [1, 3, 4]) == [1, 10, 3, 17, 4, 20])
  }
}
