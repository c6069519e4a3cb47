import Tandem
import TandemInference
import TandemTesting
import Testing

@Suite struct `Delimiters of thinking` {
  /// How a vocabulary has `<think>` and `</think>`: as control tokens, as user-defined tokens with a text, or in pieces.
  enum Vocabulary: CaseIterable, Sendable {
    case controls, words, pieces

    var tokenizer: ByteTokenizer {
      let ends = ["<|im_start|>", "<|im_end|>"]
      return switch self {
      case .controls: ByteTokenizer(endings: ["<|im_end|>"])
      case .words: ByteTokenizer(words: ["<think>", "</think>"], controls: ends, endings: ["<|im_end|>"])
      case .pieces: ByteTokenizer(controls: ends, endings: ["<|im_end|>"])
      }
    }
  }

  private func run(
    _ text: String, _ vocabulary: Vocabulary, format: ReasoningFormat = .think, _ strategy: any Strategy = SmallOnly()
  ) async -> Run {
    var pair = Pair(small: ScriptedModel(text, tokenizer: vocabulary.tokenizer))
    pair.small?.format = format
    let run = await pair.run(strategy)
    for segment in [Segment.thinking, .answer] {
      let streamed = run.deltas.filter { $0.segment == segment }.map(\.text).joined()
      #expect((segment == .thinking ? run.thinking : run.answer).hasSuffix(streamed))
    }
    return run
  }

  @Test(arguments: Vocabulary.allCases)
  func `are not shown if the answer closes again`(vocabulary: Vocabulary) async throws {
    let run = await run("a</think>b</think>b</think>\n\nb<think>c<|im_end|>", vocabulary)
    #expect(run.thinking == "a")
    #expect(run.answer == "bb\n\nbc")
    #expect(try run.outcome.answer == "bb\n\nbc")
    #expect(try run.outcome.finish == .stop)
  }

  @Test(arguments: Vocabulary.allCases)
  func `are not shown if thinking is opened again`(vocabulary: Vocabulary) async throws {
    let run = await run("a<think>\nb<thin </think>c<|im_end|>", vocabulary)
    #expect(run.thinking == "a\nb<thin ")
    #expect(run.answer == "c")
  }

  @Test(arguments: Vocabulary.allCases)
  func `after an answer lose nothing`(vocabulary: Vocabulary) async throws {
    let run = await run(#"\boxed{5}</think><|im_end|>"#, vocabulary, NoThinking())
    #expect(try run.outcome.answer == #"\boxed{5}"#)
  }

  @Test func `of several control tokens are not shown either`() async throws {
    let run = await run(
      "a<|im_start|>think\nb<|im_start|>answer\n6<|im_start|>answer\n6 <|im_start|>b<|im_end|>", .pieces, format: .s1)
    #expect(run.thinking == "a\nb")
    #expect(run.answer == "\n6\n6 b")
  }

  @Test(arguments: Vocabulary.allCases)
  func `stay what they are in the cache`(vocabulary: Vocabulary) async throws {
    let small = ScriptedModel("a</think>b</think>c<|im_end|>", tokenizer: vocabulary.tokenizer)
    var pair = Pair(small: small, budget: Budget(answerTokens: 60))
    pair.small?.format = .think
    let run = await pair.run(SmallOnly())
    let usage = try run.outcome.usage.small
    #expect(usage.sampled == small.counters.sampled)
    #expect(usage.prefilled == small.counters.prefilled)
    #expect(usage.reevaluated == 0)
  }

  @Test func `of another format are text`() async throws {
    let run = await run("a[THINK]</think>b[/THINK]<|im_end|>", .words)
    #expect(run.thinking == "a[THINK]")
    #expect(run.answer == "b[/THINK]")
  }
}
