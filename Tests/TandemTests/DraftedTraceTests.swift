import Tandem
import TandemInference
import TandemTesting
import Testing

@Suite struct `Drafts in a trace` {
  private func run(best: String, answers: Bool = true) async -> Run {
    var strategy = SpeculativeCoT()
    (strategy.drafts, strategy.answersDrafts) = (3, answers)
    let drafts = ["A.</think>one<|im_end|>", "BB.</think>two<|im_end|>", "CCC.</think>three<|im_end|>"]
    let scripts = ["Number of the best": [best], "": ["L.</think>seven<|im_end|>", "seven<|im_end|>"]]
    return await Pair(small: ScriptedModel(scripts: ["": drafts]), large: ScriptedModel(scripts: scripts)).run(strategy)
  }

  @Test(arguments: ["1", "2", "3"])
  func `are found again in their order, each with its own answer`(best: String) async throws {
    let trace = await run(best: best).trace
    #expect(trace.drafts.count == 3)
    #expect(trace.drafts.firstIndex { $0.isChosen } == trace.selection?.chosen)
    #expect(trace.drafts.allSatisfy { $0.isComplete })
    // Who drew which script is chance; length and answer belong together.
    #expect(Set(trace.drafts.map { "\($0.tokens) \($0.answer ?? "")" }) == ["3 one", "4 two", "5 three"])
    let kept = try #require(trace.thoughts.first)
    #expect(trace.drafts.first { $0.isChosen }?.tokens == kept.tokenCount)
  }

  @Test func `are all there where none was chosen`() async {
    let trace = await run(best: "4").trace
    #expect(trace.drafts.count == 3 && !trace.drafts.contains { $0.isChosen })
    #expect(Set(trace.drafts.map(\.answer)) == ["one", "two", "three"])
  }

  @Test(arguments: ["1", "2", "3", "4"], [true, false])
  func `are found in traces from before choices had them`(best: String, answers: Bool) async throws {
    let trace = await run(best: best, answers: answers).trace
    let old = Trace(
      trace.timedEvents.map { timed in
        guard case .selected(var selection) = timed.event else { return timed }
        selection.drafts = nil
        return TimedEvent(.selected(selection), at: timed.at)
      })
    #expect(old.drafts == trace.drafts)
    #expect(try Trace(lines: old.lines()).drafts == trace.drafts)
    #expect(try Trace(lines: trace.lines()).drafts == trace.drafts)
  }

  @Test func `have no answer where nobody asked, and there are none without a choice`() async {
    #expect(await run(best: "2", answers: false).trace.drafts.allSatisfy { $0.answer == nil })
    #expect(await Pair(small: ScriptedModel("A.</think>6<|im_end|>")).run(SmallOnly()).trace.drafts.isEmpty)
  }
}
