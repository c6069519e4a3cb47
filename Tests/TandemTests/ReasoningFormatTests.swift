import Tandem
import TandemInference
import TandemTesting
import Testing

/// A template that is only looked at, or opens what it is told to.
struct StubTemplate: ChatTemplate {
  var source: String?
  var opening = ""

  func render(
    _ messages: [Message], tools: [Tool], variables: [String: TemplateVariable]
  ) throws(EngineError) -> [PromptPart] {
    messages.flatMap { [PromptPart($0.content, isInput: true), PromptPart("|" + opening, isInput: false)] }
  }
}

@Suite struct `A reasoning format` {
  private let bare = ByteTokenizer(controls: ["<|im_start|>", "<|im_end|>"])

  private func detect(_ source: String?, _ tokenizer: ByteTokenizer) -> ReasoningFormat {
    .detect(template: StubTemplate(source: source), tokenizer: tokenizer)
  }

  @Test func `is found in a template`() {
    #expect(detect("{% if x %}<think>\n{% endif %}", bare) == .think)
    #expect(detect("{{ c.split('</think>')[-1] }}", bare) == .think)
    #expect(detect("<|im_start|>think", bare) == .s1)
    #expect(detect("[THINK]", bare) == .bracketed)
    #expect(detect("<|begin_of_thought|>", bare) == .sky)
  }

  @Test func `is found in a vocabulary, where the delimiters are one token each`() {
    #expect(detect(nil, ByteTokenizer()) == .think)
    #expect(detect(nil, ByteTokenizer(controls: ["[THINK]", "[/THINK]"])) == .bracketed)
    #expect(detect(nil, ByteTokenizer(controls: ["<think>"])) == .unmarked)
  }

  @Test func `is none for models that do not mark their thinking, though they have ChatML's tokens`() {
    #expect(detect(nil, bare) == .unmarked)
    #expect(detect("<|im_start|>{{ role }}\n{{ content }}<|im_end|>", bare) == .unmarked)
  }

  /// What a model is prompted with.
  private func prompt(_ opening: String, question: String = "Q") async -> String {
    let seen = PromptRecorder()
    var pair = Pair(small: seen.model(template: StubTemplate(source: nil, opening: opening)))
    pair.problem.question = question
    _ = await pair.run(SmallOnly())
    return seen.prompt
  }

  @Test func `is opened in the prompt, unless the template has done so`() async {
    #expect(await prompt("") == "Q|<think>\n")
    #expect(await prompt("<think>") == "Q|<think>")
    #expect(await prompt("<think>\n") == "Q|<think>\n")
  }

  @Test func `is opened though the question ends with the same words`() async {
    let seen = PromptRecorder()
    var pair = Pair(small: seen.model(template: InputOnlyTemplate()))
    pair.problem.question = "Q<think>\n"
    _ = await pair.run(SmallOnly())
    #expect(seen.prompt == "Q<think>\n<think>\n")
  }
}

/// The question as it is.
private struct InputOnlyTemplate: ChatTemplate {
  var source: String? { nil }

  func render(
    _ messages: [Message], tools: [Tool], variables: [String: TemplateVariable]
  ) throws(EngineError) -> [PromptPart] {
    messages.map { PromptPart($0.content, isInput: true) }
  }
}
