import TandemInference
import TandemTesting
import Testing

@testable import Tandem

@Suite struct `Stepwise trails` {
  /// Asked for long thinking it writes L1 and L2, asked for short thinking S1: what it has read decides.
  private func model(long: String, short: String) -> FunctionModel {
    let words = ["L1.\n\n", "L2.\n\n", "L3.\n\n", "S1.\n\n", "S2.\n\n", "right", "wrong", "long?", "short?"]
    let tokenizer = ByteTokenizer(words: words, alphabet: Array("?".utf8))
    return FunctionModel(name: "thinker", tokenizer: tokenizer) { tokens in
      let text = tokens.map(tokenizer.spelling).joined()
      let isLong = text.contains("long?")
      let chain = text.components(after: "<think>")
      let next: String =
        if chain.hasSuffix("right") || chain.hasSuffix("wrong") {
          "<|im_end|>"
        } else if chain.hasSuffix("</think>") {
          isLong ? long : short
        } else if isLong {
          chain.contains("L2") || chain.contains("S2") ? "</think>" : chain.contains("L1") ? "L2.\n\n" : "L1.\n\n"
        } else {
          chain.contains("S2") ? "</think>" : chain.contains("S1") ? "S2.\n\n" : "S1.\n\n"
        }
      var logits = [Float](repeating: -.infinity, count: tokenizer.vocabulary.size)
      if let token = tokenizer.token(spelled: next) { logits[Int(token.rawValue)] = 0 }
      return logits
    }
  }

  private func trails(long: String, short: String, steps: Int = 8) async throws -> [StepwiseTrails.Trail] {
    let model = model(long: long, short: short)
    let found = try await StepwiseTrails(steps: steps).sample(
      long: [Message(.user, "long?")], short: [Message(.user, "short?")], by: Participant(model), seed: 1
    ) { $0 == "right" }
    #expect(model.openSessions == 0)
    return found
  }

  @Test func `continue from the first step of what is right`() async throws {
    // Long thinking is right, so L1 is chosen; after it the short one adds S1 and S2, the long one L2 only, and L2 ends it.
    let found = try await trails(long: "right", short: "wrong")
    #expect(
      found.map(\.thinking) == ["L1.\n\nL2.\n\n", "S1.\n\nS2.\n\n", "L1.\n\nL2.\n\n", "L1.\n\nS1.\n\nS2.\n\n"])
    #expect(found.map(\.isRight) == [true, false, true, false] && found.map(\.isLong) == [true, false, true, false])
    #expect(found.map(\.commonSteps) == [0, 0, 1, 1])
    // With the end of the thinking, which its author writes too.
    #expect(found.map(\.tokenCount) == [3, 3, 3, 4])
  }

  @Test func `prefer the short one where both are right and as long`() async throws {
    let found = try await trails(long: "right", short: "right", steps: 2)
    // Both have 15 characters: S1 is chosen. After it the long one adds L1 and L2, the short one S2.
    #expect(
      found.map(\.thinking) == [
        "L1.\n\nL2.\n\n", "S1.\n\nS2.\n\n", "S1.\n\nL1.\n\nL2.\n\n", "S1.\n\nS2.\n\n",
      ])
  }

  @Test func `are worth what the formula says`() throws {
    let trails = try StepwiseTrails(rightWeight: 2, wrongWeight: 0.5)
    #expect(trails.reward(length: 8, isRight: true) == 0.25)
    #expect(trails.reward(length: 8, isRight: false) == -0.0625)
    #expect(trails.reward(length: 0, isRight: true) == -.infinity)
    #expect(throws: ReasoningError.self) { try StepwiseTrails(rightWeight: -1) }
    #expect(throws: ReasoningError.self) { try StepwiseTrails(steps: 0) }
  }

  @Test func `need a model that marks its thinking, and leave no session open`() async throws {
    let model = model(long: "right", short: "right")
    await #expect(throws: ReasoningError.self) {
      _ = try await StepwiseTrails().sample(
        long: [], short: [], by: Participant(model, format: .unmarked), seed: 1
      ) { _ in true }
    }
    #expect(model.openSessions == 0)
  }
}

extension String {
  /// What follows the last `mark`.
  fileprivate func components(after mark: String) -> String {
    ranges(of: mark).last.map { String(self[$0.upperBound...]) } ?? self
  }
}
