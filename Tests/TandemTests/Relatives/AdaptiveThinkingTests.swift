import TandemInference
import TandemTesting
import Testing

@testable import Tandem

@Suite struct `Adaptive thinking, the rule of AdaR1` {
  /// What a small model answers without thinking, and what it thinks.
  private func model(_ answers: String...) -> ScriptedModel {
    ScriptedModel(
      scripts: [
        "finished thinking": answers.map { $0 + "<|im_end|>" }, "": ["Let me see.</think>", "six<|im_end|>"],
      ])
  }

  private func strategy(_ settings: [String: Setting] = [:]) throws -> any Strategy {
    try Strategies.make("adaptive-thinking", settings: ["samples": 3].merging(settings) { $1 })
  }

  @Test func `answers without thinking where its answers agree`() async throws {
    let small = model("two", "two", "two")
    let run = await Pair(small: small).run(try strategy())
    #expect(try run.outcome.answer == "two")
    #expect(run.thinking == "Okay, I think I have finished thinking.\n")
    let usage = try run.outcome.usage.small
    #expect(usage.thinking == 0)
    #expect(try !run.outcome.isTruncated)
    #expect(usage.prefilled == small.counters.prefilled && usage.sampled == small.counters.sampled)
    #expect(small.openSessions == 0)
  }

  @Test func `thinks where they do not`() async throws {
    let small = model("two", "three", "two")
    let run = await Pair(small: small).run(try strategy())
    #expect(try run.outcome.answer == "six")
    #expect(run.thinking == "Let me see.")
    #expect(run.rejected.map(\.text).sorted() == ["three", "two", "two"])
    let selection = try #require(
      run.trace.events.compactMap { if case .selected(let one) = $0 { one } else { nil } }.first)
    #expect(selection.chosen == nil && selection.scores.sorted() == [1, 2, 2])
    #expect(try run.outcome.usage.small.prefilled == small.counters.prefilled)
  }

  @Test func `can leave the thinking to the large model`() async throws {
    let (small, large) = (model("two", "three", "four"), ScriptedModel("Hm.</think>", "6<|im_end|>"))
    let run = await Pair(small: small, large: large).run(try strategy(["thinker": "large"]))
    #expect(try run.outcome.answer == "6")
    #expect(run.events.contains(.handedOver(to: .large, .disagreement)))
    #expect(run.thinking == "Hm.")
    let sure = await Pair(small: model("two", "two", "two"), large: large).run(try strategy(["thinker": "large"]))
    #expect(try sure.outcome.answer == "two" && sure.outcome.usage.large.sampled == 0)
  }

  @Test func `does not think without a budget for it`() async throws {
    let run = await Pair(small: model("two", "three", "two"), budget: Budget(thinkingTokens: 0)).run(try strategy())
    #expect(try run.outcome.answer == "two")
  }

  @Test(arguments: [
    (["a", "a", "a", "a"], 0.1, 1.0, false), (["a", "a", "a", "b"], 0.1, 1, true),
    (["a", "a", "a", "b"], 0.25, 1, false),  // a gain of just ε is not enough
    (["a", "a", "a", "b"], 0.1, 0.8, false), ([nil, nil, "a", "a"], 0.4, 1, true), ([nil, nil], 0.9, 1, true),
  ])
  func `decides as worked out by hand`(_ keys: [String?], epsilon: Double, accuracy: Double, thinks: Bool) {
    var strategy = AdaptiveThinking()
    (strategy.epsilon, strategy.thinkingAccuracy) = (epsilon, accuracy)
    #expect(strategy.prefersThinking(agreement: AdaptiveThinking.agreement(of: keys)) == thinks)
  }

  @Test func `needs what its two models do`() throws {
    let alone = AdaptiveThinking()
    #expect(alone.needs == [.small: .fork] && alone.sessions == [.small: 5] && alone.tries == [.small: 1])
    var pair = alone
    pair.thinker = .large
    #expect(pair.needs == [.small: .fork, .large: []] && pair.sessions == [.small: 5, .large: 1])
    #expect(pair.tries == [.small: 4, .large: 1])
    #expect(throws: ReasoningError.self) { try strategy(["samples": 1]) }
  }
}
