import Tandem
import TandemInference
import TandemTesting
import Testing

/// One token a byte: a model writes the four bytes of 😀 as four tokens.
@Suite struct `A character of several tokens` {
  private static let faces = String(repeating: "😀", count: 40)
  private let foreign = ByteTokenizer(isReversed: true)

  private func run(
    _ strategy: any Strategy, large: ByteTokenizer = .init(), thinking: Int = 30, answer: Int = 10
  ) async throws -> Run {
    let (small, large) = (
      ScriptedModel(Self.faces, Self.faces), ScriptedModel(Self.faces, Self.faces, tokenizer: large)
    )
    let run = await Pair(
      small: small, large: large, budget: Budget(thinkingTokens: thinking, answerTokens: answer)
    ).run(strategy)
    #expect(run.error == nil)
    let usage = try run.outcome.usage
    #expect(usage.small.sampled == small.counters.sampled)
    #expect(usage.large.sampled == large.counters.sampled)
    #expect(usage.small.prefilled == small.counters.prefilled)
    #expect(usage.large.prefilled == large.counters.prefilled)
    #expect(usage.small.reevaluated + usage.large.reevaluated == 0)
    #expect(run.deltas.allSatisfy { !$0.text.contains("\u{fffd}") })
    return run
  }

  @Test(arguments: [5, 6, 7, 8]) func `is not divided by a budget`(tokens: Int) async throws {
    let run = try await run(SmallOnly(), thinking: tokens)
    #expect(run.thinking == "😀😀\n\n")
    #expect(try run.outcome.usage.small.thinking == 8)
    #expect(try run.outcome.finish == .budget)
  }

  @Test(arguments: [11, 12, 13, 14]) func `is not divided by the limit of an answer`(tokens: Int) async throws {
    let run = try await run(SmallOnly(), thinking: 2, answer: tokens)
    #expect(run.answer == "\n\n😀😀😀")
    #expect(try run.outcome.answer == "😀😀😀")
    #expect(try run.outcome.usage.small.answer == 12)
  }

  @Test(arguments: [false, true]) func `is whole if the other model takes over`(isForeign: Bool) async throws {
    var strategy = SpeculativeThinking()
    (strategy.openingTokens, strategy.segmentTokens) = (6, 9)
    let run = try await run(strategy, large: isForeign ? foreign : .init())
    #expect(run.thinking.trimmingSuffix(while: \.isNewline).allSatisfy { $0 == "😀" })
    #expect(run.trace.thoughts.first?.author == .large)
    #expect(run.trace.thoughts.first?.text == "😀😀")
    #expect(run.trace.thoughts.first?.tokenCount == 8)
    #expect(run.trace.thoughts.dropFirst().first?.text == "😀😀😀")
    #expect(try run.outcome.usage.small.handedOver == 8)
  }

  @Test func `is whole after a landing`() async throws {
    let budget = Budget(thinkingTokens: 2, answerTokens: 4, landingTokens: 3)
    let run = await Pair(small: ScriptedModel(Self.faces, Self.faces), budget: budget).run(SmallOnly())
    #expect(run.thinking == "😀😀\n\n")
  }

  @Test func `is whole in drafts and in attempts`() async throws {
    var thought = SpeculativeCoT()
    (thought.drafts, thought.draftTokens, thought.selection) = (2, 6, .shortest)
    let drafted = await Pair(
      small: ScriptedModel(Self.faces, Self.faces), large: ScriptedModel(Self.faces), budget: Budget(answerTokens: 5)
    ).run(thought)
    #expect(drafted.error == nil)
    #expect(drafted.thinking.hasPrefix("😀😀"))
    #expect(!drafted.trace.description.contains("\u{fffd}"))

    var fractured = FracturedSampling()
    (fractured.branches, fractured.answers) = (5, 1)
    let cut = await Pair(
      small: ScriptedModel(Self.faces, "1<|im_end|>", "2<|im_end|>", "3<|im_end|>", "3<|im_end|>", "4<|im_end|>"),
      budget: Budget(thinkingTokens: 10)
    ).run(fractured)
    #expect(cut.error == nil)
    #expect(!cut.trace.description.contains("\u{fffd}"))
    #expect(try cut.outcome.answer == "3")
  }

  @Test func `that the model itself breaks off is U+FFFD, and the run ends at its limit`() async throws {
    // These bytes are no text, and no script can spell them.
    for byte in [0x80, 0xE4, 0xF0, 0xFF] as [Int] {
      let model = FunctionModel(name: "broken") { _ in
        var row = [Float](repeating: -100, count: ByteTokenizer().vocabulary.size)
        row[byte] = 0
        return row
      }
      let run = await Pair(small: model, budget: Budget(thinkingTokens: 20, answerTokens: 20)).run(SmallOnly())
      #expect(run.error == nil)
      let usage = try run.outcome.usage.small
      #expect((20...23).contains(usage.thinking))
      #expect((18...21).contains(usage.answer))  // and two that were inserted
      #expect(usage.sampled == model.counters.sampled)
    }
  }

  @Test func `is left out if the window ends inside it`() async throws {
    let small = ScriptedModel(Self.faces, options: .init(contextSize: 5 + 3 + 7))
    let run = await Pair(small: small, budget: Budget(thinkingTokens: 5, answerTokens: 7)).run(SmallOnly())
    #expect(run.answer.hasSuffix("\n\n😀"))
    #expect(run.trace.thoughts.last?.tokenCount == 7)
  }

  @Test func `is written by one model if entropy decides`() async throws {
    for redoes in [true, false] {
      var strategy = EntropySwitching()
      (strategy.threshold, strategy.isNormalised, strategy.redoes) = (0.3, false, redoes)
      // The small model is uncertain of the third byte, and of nothing else.
      let face = Array("😀".utf8)
      let small = FunctionModel(name: "small") { tokens in
        let written = tokens.reversed().prefix { $0.rawValue >= 0x80 && $0.rawValue <= 0xFF }.count
        var row = [Float](repeating: -100, count: ByteTokenizer().vocabulary.size)
        row[Int(face[written % 4])] = 0
        if written % 4 == 2 { row[Int(UInt8(ascii: "!"))] = -1 }
        return row
      }
      let texts = [String](repeating: Self.faces, count: 30)
      let large = ScriptedModel(scripts: ["": texts])
      let run = await Pair(
        small: small, large: large, budget: Budget(thinkingTokens: 21, answerTokens: 1), sampling: .greedy
      ).run(strategy)
      #expect(run.error == nil)
      #expect(run.thinking == "😀😀😀😀😀😀\n\n")
      #expect(!run.trace.description.contains("\u{fffd}"))
      #expect(try run.outcome.usage.small.sampled == small.counters.sampled)
      #expect(try run.outcome.usage.large.sampled == large.counters.sampled)
    }
  }
}

extension String {
  func trimmingSuffix(while isLeftOut: (Character) -> Bool) -> Substring {
    var text = self[...]
    while let last = text.last, isLeftOut(last) { text.removeLast() }
    return text
  }
}
