import Tandem
import TandemInference
import TandemTesting
import Testing

@Suite struct `Between two models` {
  /// Another vocabulary, with an end of turn of its own and a token to begin with.
  private let foreign = ByteTokenizer(
    words: ["yes"], controls: ["<|bos|>", "<|eot|>", "[THINK]", "[/THINK]"], endings: ["<|eot|>"],
    beginningOfText: "<|bos|>", isReversed: true)

  private func tokens(_ bytes: String) -> [Token] { bytes.utf8.map { Token(rawValue: Int32($0)) } }

  @Test func `of one vocabulary tokens go over as they were sampled`() async {
    let tokenizer = ByteTokenizer(words: ["yes"])
    let reader = PromptRecorder(tokenizer)
    // Spelled in bytes, though the tokenizer would take the word.
    let small = PromptRecorder(tokenizer).model(saying: tokens("yes\n\nyes, B"))
    _ = await Pair(small: small, large: reader.model()).run(SpeculativeThinking.brief())
    #expect(reader.longest.suffix(5) == tokens("yes\n\n")[...])
  }

  @Test func `of different vocabularies text goes over, and is read again`() async throws {
    let reader = PromptRecorder(foreign)
    let small = PromptRecorder().model(saying: tokens("yes\n\nyes, B"))
    _ = await Pair(small: small, large: reader.model("No")).run(SpeculativeThinking.brief())
    #expect(reader.longestText == "<|bos|>Q\n\n[THINK]yes\n\nNo")
    #expect(reader.longest.filter { $0 == foreign.token(spelled: "yes") }.count == 1)
  }

  @Test func `each ends its own turn, whatever its number means to the other`() async throws {
    let ending = try #require(foreign.token(spelled: "<|eot|>"))
    let collision = Token(rawValue: ending.rawValue)  // in bytes it is a control character
    let small = PromptRecorder().model(saying: [collision] + tokens("A.\n\nWait,"))
    let large = ScriptedModel("6<|eot|>", tokenizer: foreign)
    let run = await Pair(small: small, large: large).run(SpeculativeThinking.brief())
    #expect(
      run.story == """
        small + \u{3}A.
        > large  [reflection]
        small - Wait,  [reflection]
        large + 6
        """)
    #expect(try run.outcome.finish == .stop)
  }

  @Test func `each has its own delimiter of thinking`() async {
    let reader = PromptRecorder(foreign)
    let strategy = SpeculativeThinking.brief {
      $0.scope = .thinking
      $0.answeredBy = .large
    }
    let run = await Pair(small: ScriptedModel("A.</think>"), large: reader.model("six")).run(strategy)
    #expect(reader.prompt == "<|bos|>Q\n\n[THINK]A.[/THINK]")
    #expect(run.trace.description == "small + A. </>\nlarge + = six\n= stop: six")
  }

  @Test func `text that spells the other's delimiter stays text`() async {
    let reader = PromptRecorder(foreign)
    let small = ScriptedModel("A [/THINK] [THINK].\n\nWait,")
    _ = await Pair(small: small, large: reader.model()).run(SpeculativeThinking.brief())
    #expect(reader.longestText == "<|bos|>Q\n\n[THINK]A [/THINK] [THINK].\n\n")
    #expect(!reader.longest.contains { $0 == foreign.token(spelled: "[/THINK]") })
    #expect(reader.longest.count { $0 == foreign.token(spelled: "[THINK]") } == 1)
  }

  @Test func `one may not mark its thinking: then it answers within it`() async throws {
    let plain = ByteTokenizer(controls: ["<|im_end|>"])
    let small = ScriptedModel("A.\n\nSo 3.", "It is 6.<|im_end|>", tokenizer: plain)
    let run = await Pair(small: small, large: ScriptedModel()).run(SpeculativeThinking.brief())
    #expect(run.story == "small + A.\nsmall - So 3.  [statement]\nsmall + It is 6.")
    #expect(try run.outcome.answer == "A.\n\nIt is 6.")
    #expect(try run.outcome.finish == .stop)
  }

  @Test func `s1's delimiters are found, though they are control tokens with a word`() async throws {
    let tokenizer = ByteTokenizer(controls: ["<|im_start|>", "<|im_end|>"])
    let template = StubTemplate(source: "<|im_start|>think")
    let small = ScriptedModel(
      "A an.<|im_start|>answer", "\n6<|im_end|>", tokenizer: tokenizer, options: .init(template: template))
    let pair = Pair(small: small)
    #expect(pair.small?.format == .s1)
    let run = await pair.run(SmallOnly())
    #expect(run.trace.description == "small + A an. </>\nsmall + = ⏎6\n= stop: 6")
    #expect(run.deltas.map(\.text).joined() == "A an.\n6")
  }

  @Test func `a delimiter of many tokens is not shown to anybody`() async throws {
    let tokenizer = ByteTokenizer(controls: ["<|im_end|>"])
    var pair = Pair(small: ScriptedModel("A </thin air </think>", "6<|im_end|>", tokenizer: tokenizer))
    pair.small?.format = .think
    let run = await pair.run(SmallOnly())
    #expect(run.thinking == "A </thin air ")
    #expect(run.deltas.filter { $0.segment == .thinking }.map(\.text).joined() == "A </thin air ")
    #expect(try run.outcome.answer == "6")
  }

  @Test func `live text is what is accepted, and probes are marked`() async {
    let small = ScriptedModel("é.\n\nWait,", "B.</think>6<|im_end|>")
    let run = await Pair(small: small, large: ScriptedModel("No, A")).run(SpeculativeThinking.brief())
    let kept = run.deltas.filter { !$0.isTentative }.map(\.text).joined()
    #expect(kept == run.trace.thoughts.map(\.text).joined())
    #expect(run.deltas.filter(\.isTentative).map(\.text).joined() == "Wait,")
  }
}
