import Tandem
import TandemInference
import TandemTesting
import Testing

@Suite struct `A reasoning session` {
  private func solver(_ model: any LanguageModel) -> Solver { Solver(small: Participant(model)) }

  @Test func `answers, and remembers what was said without its thinking`() async throws {
    let reader = PromptRecorder()
    let session = ReasoningSession(
      solver(reader.model("A</think>6<|im_end|>B</think>7<|im_end|>")), strategy: SmallOnly(), instructions: "Be brief."
    )
    let first = try await session.respond(to: "Two and four?")
    #expect((first.content, first.reasoning, first.outcome.finish) == ("6", "A", .stop))
    let second = try await session.respond(to: "And one?")
    #expect((second.content, second.reasoning) == ("7", "B"))
    #expect(reader.longestText.hasPrefix("Be brief.\n\nTwo and four?\n\n6\n\nAnd one?\n\n<think>\nB"))
    #expect(await session.transcript.turns.map(\.content) == ["Two and four?", "6", "And one?", "7"])
    #expect(await session.usage.small.answer == 4)
    #expect(await !session.isResponding)
  }

  @Test func `answers in ever longer snapshots`() async throws {
    let session = ReasoningSession(
      solver(ScriptedModel("A.\n\nB</think>6<|im_end|>")), strategy: SmallOnly())
    var snapshots: [Snapshot] = []
    for try await snapshot in try await session.streamResponse(to: "Q") {
      if let last = snapshots.last { #expect(snapshot.reasoning.hasPrefix(last.reasoning)) }
      snapshots.append(snapshot)
    }
    #expect(snapshots.last?.content == "6")
    #expect(snapshots.last?.reasoning == "A.\n\nB")
    #expect(snapshots.last?.outcome?.finish == .stop)
  }

  @Test func `answers one prompt at a time`() async throws {
    let gate = Gate()
    let model = ScriptedModel("A</think>6<|im_end|>", options: .waiting(at: gate, afterSampling: 2))
    let session = ReasoningSession(solver(model), strategy: SmallOnly())
    let first = Task { try await session.respond(to: "Q").content }
    await gate.arrival()
    await #expect(throws: ReasoningError.busy) { try await session.respond(to: "R") }
    await #expect(throws: ReasoningError.busy) { try await session.streamEvents(to: "R") }
    await gate.open()
    #expect(try await first.value == "6")
  }

  @Test func `forgets what failed, and answers the next prompt`() async throws {
    let session = ReasoningSession(
      solver(FunctionModel.thinker("m", options: .init(contextSize: 100))), strategy: SmallOnly())
    await #expect(throws: ReasoningError.self) { try await session.respond(to: "Q") }
    let options = ReasoningSession.Options(budget: Budget(thinkingTokens: 40, answerTokens: 10))
    #expect(try await session.respond(to: "Q", options: options).content.isEmpty == false)
    #expect(await session.transcript.turns.count == 2)
  }
}
