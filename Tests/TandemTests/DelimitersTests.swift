import Synchronization
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

  @Test func `are all that is not shown of control tokens that a reader asks for`() async throws {
    let tokenizer = ByteTokenizer(controls: ByteTokenizer.controls + ["[TOOL_CALLS]", "[OTHER]"])
    let text = "a[TOOL_CALLS]</think>é[TOOL_CALLS][x[OTHER]<|im_end|>"
    var pair = Pair(small: ScriptedModel(text, text, text, tokenizer: tokenizer))
    #expect(await pair.run(SmallOnly()).answer == "é[x")
    pair.small?.shownControls = ["[TOOL_CALLS]", "no token"]
    let run = await pair.run(SmallOnly())
    #expect(run.thinking == "a" && run.answer == "é[TOOL_CALLS][x")
    #expect(run.deltas.filter { $0.segment == .answer }.map(\.text).joined() == run.answer)
    pair.small?.format = .unmarked
    #expect(await pair.run(SmallOnly()).thinking == "a[TOOL_CALLS]é[TOOL_CALLS][x")
  }

  @Test func `of another format are text`() async throws {
    let run = await run("a[THINK]</think>b[/THINK]<|im_end|>", .words)
    #expect(run.thinking == "a[THINK]")
    #expect(run.answer == "b[/THINK]")
  }

  @Test(arguments: Vocabulary.allCases, 3...12)
  func `that a budget cuts are not shown`(vocabulary: Vocabulary, tokens: Int) async throws {
    let small = ScriptedModel("abc</think>6<|im_end|>", "7<|im_end|>", tokenizer: vocabulary.tokenizer)
    var pair = Pair(small: small, budget: Budget(thinkingTokens: tokens, answerTokens: 9))
    pair.small?.format = .think
    let run = await pair.run(SmallOnly())
    #expect(run.thinking.trimmingSuffix(while: \.isNewline) == "abc")
    #expect(try ["6", "7"].contains(run.outcome.answer))
    let usage = try run.outcome.usage.small
    #expect(usage.sampled == small.counters.sampled)
    #expect(usage.prefilled == small.counters.prefilled)
  }

  @Test func `that a limit cuts in the middle of a token are not shown`() async throws {
    let tokenizer = ByteTokenizer(words: ["é</"], controls: ["<|im_end|>"], endings: ["<|im_end|>"])
    let reader = PromptRecorder(tokenizer)
    var pair = Pair(
      small: reader.model(saying: try tokenizer.encode("aé</thi", control: .asText)),
      budget: Budget(thinkingTokens: 4, answerTokens: 3))
    pair.small?.format = .think
    let run = await pair.run(SmallOnly())
    #expect(run.error == nil)
    #expect(run.thinking.trimmingSuffix(while: \.isNewline) == "aé")
    #expect(tokenizer.decode(reader.longest).hasSuffix("aé\n\n</think>\n\n"), "\(run.trace)")
  }

  @Test(arguments: Vocabulary.allCases, 1...9)
  func `written in several parts are found`(vocabulary: Vocabulary, tokens: Int) async throws {
    let text = "ab</thin air</think>6<|im_end|>"
    let script = try vocabulary.tokenizer.encode(text, control: .recognised)
    let size = vocabulary.tokenizer.vocabulary.size
    let beginning = Mutex(Int?.none)
    let model = FunctionModel(tokenizer: vocabulary.tokenizer) { before in
      let first = beginning.withLock { first in
        first = first ?? before.count
        return first ?? 0
      }
      var row = [Float](repeating: -100, count: size)
      row[Int(script[before.count - first].rawValue)] = 0
      return row
    }
    var pair = Pair(small: model)
    pair.small?.format = .think
    let run = await pair.run(InParts(tokens: tokens))
    #expect(run.error == nil)
    #expect(run.thinking == "ab</thin air")
    #expect(run.deltas.filter { $0.segment == .thinking }.map(\.text).joined() == "ab</thin air")
    #expect(try run.outcome.answer == "6")
    #expect(try run.outcome.finish == .stop)
    #expect(try run.outcome.usage.small.reevaluated == 0)
    #expect(try run.outcome.usage.small.prefilled == model.counters.prefilled)
  }

  @Test(arguments: [5, 8, 9]) func `are not divided where drafts branch`(tokens: Int) async {
    var strategy = FracturedSampling()
    (strategy.branches, strategy.answers) = (2, 1)
    var pair = Pair(
      small: ScriptedModel(
        "ab<think>cdefghij", "1<|im_end|>", "2<|im_end|>", tokenizer: Vocabulary.pieces.tokenizer),
      budget: Budget(thinkingTokens: tokens * 2))
    pair.small?.format = .think
    let run = await pair.run(strategy)
    #expect(run.error == nil)
    #expect(run.trace.description.contains("c"))
    #expect(!run.trace.description.contains("th"))
    #expect(!run.trace.description.contains("k"))
  }
}

/// One model that thinks so many tokens at a time.
private struct InParts: Strategy {
  static let name = "in-parts"
  static let about = StrategyDescription(summary: "", tested: "")
  static let settings: [SettingSpec<Self>] = []
  static let requirements: [Role: EngineCapabilities] = [.small: []]
  var tokens = 1

  func reason(in run: inout ReasoningRun) async throws {
    while run.canThink { try run.accept(await run.write(.small, upTo: .endOfSegment(atMost: tokens))) }
    try await run.conclude(by: .small)
  }
}
