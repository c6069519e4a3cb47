import Foundation
import TandemInference
import TandemTesting
import Testing

@testable import Tandem

@Suite struct `Pruning of steps` {
  private static let progressive = "2 + 4 is 6.\n\n"
  private static let check = "Let me check: 6 - 4 is 2.\n\n"
  private static let other = "Alternatively, 3 + 3 is 6 too.\n\n"
  private static let verify = "To verify, 6 is even.\n\n"
  private static let correction = "That is wrong, no: it is right.\n\n"
  private static let steps = [progressive, check, progressive, other, verify, correction]

  /// Surer of the answer, by so many nats a step, the more of these steps it has read.
  private static let worth: [(step: String, nats: Float)] = [(check, 2), (other, -1), (verify, 0.5), (correction, 4)]

  private func trace() async -> Trace {
    let model = ScriptedModel(Self.steps.joined() + "</think>6")
    return await Pair(small: model).run(SmallOnly()).trace
  }

  /// A model that finds "6" likelier after the steps that are worth something.
  private func judge() -> FunctionModel {
    let tokenizer = ByteTokenizer()
    return FunctionModel(name: "judge", tokenizer: tokenizer) { tokens in
      let text = tokenizer.decode(tokens)
      var logits = [Float](repeating: 0, count: tokenizer.vocabulary.size)
      logits[54] = Self.worth.reduce(0) { $0 + (text.contains($1.step) ? $1.nats : 0) }
      return logits
    }
  }

  @Test func `drops the least important functional steps, and never progressive ones`() async throws {
    let judge = judge()
    let pruned = try #require(
      try await StepPruning(share: 0.5).prune(await trace(), by: Participant(judge)))
    #expect(
      pruned.steps.map(\.function) == [
        .progressive, .verification, .progressive, .multipleMethods, .verification, .errorCorrection,
      ])
    // Two of four are dropped: the other way, without which the answer is likelier, and the weaker check.
    #expect(pruned.steps.map(\.isKept) == [true, true, true, false, false, true])
    #expect(pruned.thinking == Self.progressive + Self.check + Self.progressive + Self.correction)
    #expect(pruned.answer == "6" && pruned.messages == [Message(.user, "Q")])
    #expect(judge.openSessions == 0)
  }

  @Test func `measures how much likelier the answer is with a step`() async throws {
    let pruned = try #require(try await StepPruning(share: 0).prune(await trace(), by: Participant(judge())))
    let size = Double(ByteTokenizer().vocabulary.size)
    /// -ln p of a "6" whose logit is `nats`, where all others are 0.
    func surprise(_ nats: Double) -> Double { log(exp(nats) + size - 1) - nats }
    for (step, nats) in Self.worth {
      let found = try #require(pruned.steps.first { $0.text == step }?.importance)
      #expect(abs(found - (surprise(5.5 - Double(nats)) - surprise(5.5))) < 1e-4, "\(step)")
    }
    #expect(pruned.steps.allSatisfy { ($0.importance == nil) == ($0.function == .progressive) })
    let areKept = pruned.steps.allSatisfy(\.isKept)
    #expect(areKept)
  }

  @Test func `lets a model decide what a step is for`() async throws {
    let pruned = try #require(
      try await StepPruning(share: 1).prune(await trace(), by: Participant(judge())) { step in
        step == Self.progressive ? .verification : .progressive
      })
    #expect(pruned.thinking == Self.check + Self.other + Self.verify + Self.correction)
  }

  @Test func `drops a share, rounded down, the first of equals first`() throws {
    let importances: [Double?] = [nil, 0.2, 0.1, nil, 0.1, 0.3]
    #expect(try StepPruning(share: 0.7).dropped(importances) == [2, 4])
    #expect(try StepPruning(share: 0.25).dropped(importances) == [2])
    #expect(try StepPruning(share: 1).dropped(importances) == [1, 2, 4, 5])
    #expect(throws: ReasoningError.self) { try StepPruning(share: 1.1) }
    #expect(throws: ReasoningError.self) { try StepPruning(share: .nan) }
  }

  @Test func `has nothing to prune in a run without an answer`() async throws {
    let cut = await Pair(small: ScriptedModel("2 + 4 is 6.\n\nWait"), budget: Budget(thinkingTokens: 5)).run(
      SmallOnly())
    #expect(try await StepPruning(share: 0.5).prune(cut.trace, by: Participant(judge())) == nil)
    await #expect(throws: ReasoningError.self) {
      try await StepPruning(share: 0.5).prune(Trace([]), by: Participant(judge()))
    }
  }

  @Test func `takes a longer gap as the end of one step`() {
    #expect(RecordedThinking.steps(of: "a\n\n\n\nb\n\nc") == ["a\n\n\n\n", "b\n\n", "c"])
    #expect(RecordedThinking.steps(of: "") == [])
  }
}
