import Tandem
import TandemInference
import TandemTesting
import Testing

/// What the released code gets wrong or leaves out; the numbers are those of our notes on the paper.
@Suite struct `Unlike the released code, Speculative Thinking` {
  private let foreign = ByteTokenizer(
    controls: ["<|bos|>", "<|eot|>", "<think>", "</think>"], endings: ["<|eot|>"], beginningOfText: "<|bos|>",
    isReversed: true)

  private func run(
    _ small: any LanguageModel, _ large: any LanguageModel, instructions: String? = nil,
    _ change: (inout SpeculativeThinking) -> Void = { _ in }
  ) async -> Run {
    var pair = Pair(small: small, large: large)
    pair.problem.instructions = instructions
    return await pair.run(SpeculativeThinking.brief(change))
  }

  @Test func `1: can take over for a sentence, as the paper says`() async {
    let large = ScriptedModel("It is not 5, since that is too much.\n\nSo")
    let run = await run(ScriptedModel("A.\n\nWait,", "B.\n\n", "B.</think>6<|im_end|>"), large) {
      $0.takeoverUnit = .thought
      $0.takeoverTokens = 100
    }
    #expect(run.story.contains("large + It is not 5, since that is too much.\nsmall - B.  [statement]\nsmall + B."))
  }

  @Test func `2: counts discarded probes`() async throws {
    let small = ScriptedModel("A.\n\nSo 3.", "B.\n\nWait,", "C.</think>6<|im_end|>")
    let run = await run(small, ScriptedModel("No, 6"))
    let usage = try run.outcome.usage
    #expect(usage.small.discarded == 10)
    #expect(usage.small.thinking == 4 + 4 + 3)
    #expect(usage.small.sampled == small.counters.sampled)
  }

  @Test func `2: can keep the text that it classified`() async {
    let run = await run(ScriptedModel("A.\n\nSo 3.", ".</think>6<|im_end|>"), ScriptedModel()) { $0.statements = .keep }
    #expect(run.thinking == "A.\n\nSo 3..")
  }

  @Test func `3: reaches its threshold when as many reflections are in the chain, not more`() async {
    let small = ScriptedModel("A.\n\nWait,", ".\n\nWait,", ".\n\n", ".</think>6<|im_end|>")
    let run = await run(small, ScriptedModel("wait.", "wait.", "Ok 6")) { $0.excessThreshold = 2 }
    let authors: [Author] = [.small, .large, .small, .large, .small, .inserted, .large, .small, .small]
    #expect(run.trace.thoughts.map(\.author) == authors)
  }

  @Test func `4: says of each take-over why it happened, though a check is both`() async {
    let run = await run(ScriptedModel("A.\n\nWait,", ".</think>6<|im_end|>"), ScriptedModel("check, so 6"))
    #expect(
      run.story == """
        small + A.
        > large  [reflection]
        small - Wait,  [reflection]
        large + check
        > large  [verification]
        large + , so 6
        small + . </>
        small + = 6
        """)
  }

  @Test func `5: prompts both models as it prompts the baselines`() async {
    let template = StubTemplate(source: nil, opening: "<|im_start|>assistant\n")
    let recorders = (0..<4).map { _ in PromptRecorder() }
    let models = recorders.map { $0.model("A.\n\nWait, B", template: template) }
    _ = await run(models[0], models[1])
    _ = await Pair(small: models[2]).run(SmallOnly())
    _ = await Pair(large: models[3]).run(LargeOnly())
    #expect(recorders[0].prompt == "Q|<|im_start|>assistant\n<think>\n")
    #expect(recorders[1].prompt == recorders[0].prompt + "A.\n\n")
    #expect(recorders[2].prompt == recorders[0].prompt)
    #expect(recorders[3].prompt == recorders[0].prompt)
  }

  @Test func `6: gives both models the same system message`() async {
    let (small, large) = (PromptRecorder(), PromptRecorder())
    _ = await run(small.model("A.\n\nWait,"), large.model(), instructions: "Be brief.")
    #expect(small.prompt == "Be brief.\n\nQ\n\n<think>\n")
    #expect(large.prompt == small.prompt + "A.\n\n")
  }

  @Test func `7: recognises the end of turn of the small model, which is not the large one's`() async throws {
    let run = await run(ScriptedModel("A</think>6<|im_end|>", "and on"), ScriptedModel(tokenizer: foreign))
    #expect(run.story == "small + A </>\nsmall + = 6")
    #expect(try run.outcome.finish == .stop)
  }

  @Test func `8: inserts text between models of different tokenizers`() async throws {
    let small = ScriptedModel("A.\n\nWait,", ".\n\n", "C.</think>6<|im_end|>")
    let large = ScriptedModel("wait.", "Ok 6", tokenizer: foreign)
    let run = await run(small, large) { $0.excessThreshold = 1 }
    #expect(run.thinking == "A.\n\nwait..\n\nLet me look:Ok 6C.")
    #expect(try run.outcome.usage.small.inserted == "Let me look:".count)
    #expect(try run.outcome.usage.large.inserted == "Let me look:".count)
  }

  @Test func `8: keeps the last segment when the small model ends its turn`() async throws {
    let run = await run(ScriptedModel("A</think>It is 6.<|im_end|>"), ScriptedModel(tokenizer: foreign))
    #expect(try run.outcome.answer == "It is 6.")
  }

  @Test func `8: begins the large model's prompt once`() async {
    let large = PromptRecorder(foreign)
    let template = StubTemplate(source: nil, opening: "")
    _ = await run(ScriptedModel("A.\n\nWait,"), large.model("No", template: template))
    #expect(large.prompt.hasPrefix("<|bos|>Q|"))
    #expect(large.prompt.split(separator: "<|bos|>").count == 1)
  }

  @Test func `9: counts what a single model writes, without its prompt`() async throws {
    let run = await Pair(small: ScriptedModel("AB</think>six<|im_end|>")).run(SmallOnly())
    let usage = try run.outcome.usage.small
    #expect((usage.prompt, usage.thinking, usage.answer) == (5, 3, 4))
  }

  @Test func `10: keeps the prompt out of the answer`() async throws {
    var pair = Pair(small: ScriptedModel("A</think>7<|im_end|>"), large: ScriptedModel())
    pair.problem.question = #"Put it within \boxed{}."#
    let run = await pair.run(SpeculativeThinking.brief())
    #expect(try run.outcome.answer == "7")
    #expect(run.thinking == "A")
  }

  @Test func `13: reports the share from actual tokens, not nominal ones`() async throws {
    let run = await run(ScriptedModel("A.\n\nWait,"), ScriptedModel("A</think>6<|im_end|>")) { $0.takeoverTokens = 100 }
    // Of a hundred tokens the large model wrote two in the thinking, and two in the answer.
    let usage = try run.outcome.usage
    #expect((usage.large.thinking, usage.large.answer) == (2, 2))
    #expect(usage.largeShare == 2.0 / 6)
  }

  @Test func `13: counts no token for both models`() async throws {
    let run = await run(ScriptedModel("A.\n\nWait,", "B.</think>6<|im_end|>"), ScriptedModel("No, A"))
    let usage = try run.outcome.usage
    #expect(usage.small.thinking + usage.large.thinking == run.thinking.utf8.count + 1)
    #expect(usage.large.thinking == 5)
  }
}
