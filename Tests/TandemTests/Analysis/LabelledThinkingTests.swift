import Tandem
import TandemInference
import TandemTesting
import Testing

@Suite struct `Thinking with its blank lines labelled` {
  private let tokenizer = ByteTokenizer()

  private func read(_ text: String) async throws -> LabelledThinking {
    let model = ScriptedModel(text)
    let run = await Pair(small: model).run(SmallOnly())
    let participant = Participant(model)
    let labelled = try await LabelledThinking(run.trace, as: participant)
    #expect(model.openSessions == 0)
    return labelled
  }

  private func shown(_ labelled: LabelledThinking) -> [String] {
    labelled.blankLines.map { line in
      "\(tokenizer.decode(labelled.tokens[...line.position].map(\.self)).suffix(4)) \(line.kind)"
    }
  }

  @Test func `has the kind of what follows each`() async throws {
    let labelled = try await read("Wait.\n\n3 is.\n\nAlternatively, 4.\n\nSo: wait</think>Wait\n\nWait\n\nWait")
    #expect(shown(labelled) == ["t.\n\n execution", "s.\n\n transition", "4.\n\n reflection"])
  }

  @Test func `is what the model was given to continue from`() async throws {
    let recorder = PromptRecorder()
    let run = await Pair(small: recorder.model("A.\n\nB</think>six")).run(SmallOnly())
    let labelled = try await LabelledThinking(run.trace, as: Participant(recorder.model()))
    #expect(labelled.tokens[...] == recorder.longest.prefix(labelled.tokens.count))
    #expect(labelled.tokens.map(tokenizer.spelling).joined() == "Q\n\n<think>\nA.\n\nB</think>")
  }

  @Test func `counts a longer gap once, and none that nothing follows`() async throws {
    #expect(try await shown(read("A.\n\n\n\nWait\n\n \n\n</think>")) == ["\n\n\n\n reflection"])
    #expect(try await read("A.\nWait.\nB</think>").blankLines.isEmpty)
    #expect(try await read("</think>A\n\nB").blankLines.isEmpty)
  }

  @Test func `is refused where another vocabulary wrote it`() async throws {
    let words = ByteTokenizer(words: ["again and again"])
    let text = String(repeating: "again and again", count: 9) + "</think>six"
    let run = await Pair(small: ScriptedModel(text, tokenizer: words)).run(SmallOnly())
    _ = try await LabelledThinking(run.trace, as: Participant(ScriptedModel(tokenizer: words)))
    await #expect(throws: ReasoningError.self) {
      try await LabelledThinking(run.trace, as: Participant(ScriptedModel()))
    }
    await #expect(throws: ReasoningError.self) {
      try await LabelledThinking(Trace([]), as: Participant(ScriptedModel()))
    }
  }
}
