import Foundation
import TandemInference
import TandemTesting
import Testing

@testable import Tandem

@Suite struct `Retro-Search` {
  private static let words = ["A1.\n\n", "Wait, B1.\n\n", "B2.\n\n", "B3.\n\n"]

  /// Follows its rows; ends its turn after an answer.
  private func model(_ rows: [String: [String: Float]]) -> FunctionModel {
    let ends = ["6": ["<|im_end|>": 1.0 as Float], "7": ["<|im_end|>": 1]]
    return .table(rows.merging(ends) { first, _ in first }.merging(["": ["A1.\n\n": 1]]) { first, _ in first })
  }

  private func thinking(_ steps: [String], _ answer: String = "6") throws -> RecordedThinking {
    try #require(RecordedThinking(messages: [Message(.user, "Q")], thinking: steps.joined(), answer: answer))
  }

  private func revise(
    _ thinking: RecordedThinking, by model: FunctionModel, _ search: RetroSearch? = nil, seed: UInt64 = 0
  ) async throws -> RetroSearch.Revised {
    let search = try search ?? RetroSearch()
    let participant = Participant(model, sampling: SamplingParameters(temperature: 1, topP: 1))
    return try await search.revise(thinking, by: participant, seed: seed) { $0 == "6" }
  }

  @Test func `stays on a line of thought that was left too early`() async throws {
    // It would nearly always switch after A1; A2 leads to the answer at once.
    let model = model([
      "A1.\n\n": ["Wait, B1.\n\n": 1000, "A2.\n\n": 1], "Wait, B1.\n\n": ["B2.\n\n": 1], "B2.\n\n": ["B3.\n\n": 1],
      "B3.\n\n": ["</think>": 1], "A2.\n\n": ["</think>": 1], "</think>": ["6": 1],
    ])
    let found = try await revise(thinking(Self.words), by: model)
    #expect(found.thinking.steps == ["A1.\n\n", "A2.\n\n"])
    #expect(found.thinking.answer == "6" && found.isRight && found.switches == 1)
    // Three steps were left, and now there is one.
    let revision = try #require(found.revisions.first)
    #expect(revision.step == 1 && abs(revision.before - 0.729) < 1e-12 && abs(revision.after - 0.9) < 1e-12)
    #expect(model.openSessions == 0 && found.tokenCount == 4)
  }

  @Test func `searches on in the new tail, where words are banned for one step only`() async throws {
    // The first search leads from A1 to A2, which then switches; the second one from A2 to A3.
    let model = model([
      "A1.\n\n": ["Wait, B1.\n\n": 1, "A2.\n\n": 1], "A2.\n\n": ["Wait, B2.\n\n": 1000, "A3.\n\n": 1],
      "Wait, B2.\n\n": ["B3.\n\n": 1], "B3.\n\n": ["</think>": 1], "A3.\n\n": ["</think>": 1],
      "Wait, B1.\n\n": ["B3.\n\n": 1], "</think>": ["6": 1],
    ])
    let long = ["A1.\n\n", "Wait, B1.\n\n", "x\n\n", "y\n\n", "z\n\n"]
    let found = try await revise(thinking(long), by: model)
    #expect(found.thinking.steps == ["A1.\n\n", "A2.\n\n", "A3.\n\n"])
    #expect(found.revisions.map(\.step) == [1, 2] && found.switches == 2)
  }

  @Test func `ends thinking that goes on after its answer`() async throws {
    let model = model(["A1.\n\n": ["Wait, B1.\n\n": 1, "</think>": 1], "</think>": ["6": 1]])
    let found = try await revise(thinking(["A1.\n\n", "Wait, B1.\n\n", "A1.\n\n"]), by: model)
    #expect(found.thinking.thinking == "A1.\n\n")
    #expect(found.revisions.map(\.after) == [1])
  }

  @Test func `keeps what it has where a continuation is wrong, longer, as long or cut`() async throws {
    let rows: [String: [String: Float]] = [
      "A1.\n\n": ["Wait, B1.\n\n": 1, "A2.\n\n": 1], "A2.\n\n": ["</think>": 1], "</think>": ["7": 1],
    ]
    let wrong = try await revise(thinking(Self.words), by: model(rows))
    let (isSame, steps) = (wrong.thinking.steps == Self.words, try thinking(["A1.\n\n", "Wait, B1.\n\n"]))
    #expect(isSame && wrong.revisions == [] && wrong.isRight && wrong.switches == 1)
    let right = rows.merging(["</think>": ["6": 1]]) { $1 }
    #expect(try await revise(steps, by: model(right)).thinking == steps, "as long")
    #expect(try await revise(steps, by: model(right), RetroSearch(discount: 1)).revisions == [])
    // The prompt's tokens don't count; the step is one token, and so is what would follow it.
    let cut = try await revise(thinking(Self.words), by: model(right), RetroSearch(thinkingTokens: 2))
    #expect(cut.thinking.steps == Self.words)
    #expect(try await revise(thinking(Self.words), by: model(right), RetroSearch(thinkingTokens: 3)).revisions != [])
  }

  @Test func `makes wrong thinking right, whatever length that takes`() async throws {
    let model = model([
      "A1.\n\n": ["Wait, B1.\n\n": 1, "A2.\n\n": 1], "A2.\n\n": ["A3.\n\n": 1], "A3.\n\n": ["</think>": 1],
      "</think>": ["6": 1],
    ])
    let found = try await revise(thinking(["A1.\n\n", "Wait, B1.\n\n"], "7"), by: model, RetroSearch(discount: 1))
    #expect(found.thinking.steps == ["A1.\n\n", "A2.\n\n", "A3.\n\n"] && found.isRight)
    #expect(found.revisions == [RetroSearch.Revision(step: 1, before: 0, after: 1)])
  }

  @Test func `takes the best of several continuations, the same for the same seed`() async throws {
    // One in two is short.
    let rows: [String: [String: Float]] = [
      "A1.\n\n": ["A2.\n\n": 1, "</think>": 1], "A2.\n\n": ["</think>": 1], "</think>": ["6": 1],
      "B2.\n\n": ["Wait, B1.\n\n": 1],
    ]
    var lengths: Set<Int> = []
    for seed in 0..<8 {
      let one = try await revise(thinking(Self.words), by: model(rows), seed: UInt64(seed))
      lengths.insert(one.thinking.steps.count)
      #expect(try await revise(thinking(Self.words), by: model(rows), seed: UInt64(seed)) == one)
    }
    #expect(lengths == [1, 2])
    let best = try await revise(thinking(Self.words), by: model(rows), RetroSearch(rollouts: 12))
    #expect(best.thinking.steps == ["A1.\n\n"])
  }

  @Test func `asks a model nothing about thinking without a switch`() async throws {
    let model = model(["A1.\n\n": ["</think>": 1]])
    let plain = try thinking(["Wait, I begin.\n\n", "A1.\n\n", "Waiting is no switch.\n\n"])
    let found = try await revise(plain, by: model)
    #expect(found.thinking == plain && found.switches == 0 && found.tokenCount == 0)
    #expect(model.counters.sampled == 0)
  }

  @Test func `refuses what makes no sense`() async throws {
    for make in [
      { try RetroSearch(discount: 0) }, { try RetroSearch(discount: .nan) }, { try RetroSearch(rollouts: 0) },
      { try RetroSearch(transitionWords: [""]) }, { try RetroSearch(transitionWords: []) },
      { try RetroSearch(thinkingTokens: 0) },
    ] as [() throws -> RetroSearch] {
      #expect(throws: ReasoningError.self) { try make() }
    }
    #expect(RecordedThinking(messages: [], thinking: "", answer: "6") == nil)
    let unmarked = Participant(FunctionModel { _ in [] }, format: .unmarked)
    let thinking = try thinking(Self.words)
    await #expect(throws: ReasoningError.self) {
      try await RetroSearch().revise(thinking, by: unmarked) { _ in true }
    }
  }
}
