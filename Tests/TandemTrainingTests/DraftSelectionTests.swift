import Foundation
import TandemInference
import Testing

@testable import TandemTraining

private func draft(_ text: String, _ tokens: Int, isRight: Bool) -> DraftedProblem.Draft {
  .init(text: text, tokenCount: tokens, isComplete: true, isRight: isRight, answer: "Answer: \(text)")
}

@Suite struct `A selection of drafts` {
  @Test func `has the shortest right one of each problem, over all efforts`() async throws {
    let low = [
      DraftedProblem(question: "a", drafts: [draft("a1", 3, isRight: false), draft("a2", 9, isRight: true)]),
      DraftedProblem(question: "b", drafts: [draft("b1", 4, isRight: false)]),
    ]
    let cut = DraftedProblem.Draft(text: "c1", tokenCount: 1, isComplete: false, isRight: false)
    let high = [
      DraftedProblem(question: "a", drafts: [draft("a3", 7, isRight: true), draft("a4", 7, isRight: true)]),
      DraftedProblem(question: "c", drafts: [cut, draft("c2", 30, isRight: true)]),
    ]
    let chosen = TOPS.shortestRight(low + high)
    #expect(chosen.map(\.question) == ["a", "c"])
    #expect(chosen.map(\.draft.text) == ["a3", "c2"])
    try await withFolder { folder in
      try ChosenDraft.write(chosen, to: "\(folder)/c.jsonl")
      let lines = try TrainingFile.lines(of: "\(folder)/c.jsonl")
      #expect(lines.count == 2)
      let messages = try ChatLine(lines[0].line, path: "c", number: 1).messages
      #expect(messages == [Message(.user, "a"), Message(.assistant, "<think>\na3</think>\n\nAnswer: a3")])
    }
  }

  @Test func `reads drafts that were recorded without their answers`() throws {
    let line = #"{"question":"q","drafts":[{"text":"t","tokenCount":2,"isComplete":true,"isRight":true}]}"#
    let problem = try JSONDecoder().decode(DraftedProblem.self, from: Data(line.utf8))
    #expect(problem.drafts[0].answer == nil)
    #expect(TOPS.shortestRight([problem]) == [])
  }

  @Test func `prefers a group and, within it, the shortest right draft, as AdaR1 does`() {
    // Question a: the long thinker is right in 2 of 2 and the short one in 1 of 2, more than 0.1 apart.
    // Question b: both in 1 of 2, so the short one is preferred.
    let long = [
      DraftedProblem(question: "a", drafts: [draft("L1", 20, isRight: true), draft("L2", 30, isRight: true)]),
      DraftedProblem(question: "b", drafts: [draft("L3", 20, isRight: true), draft("L4", 40, isRight: false)]),
      DraftedProblem(question: "only long", drafts: [draft("L5", 20, isRight: true)]),
    ]
    let short = [
      DraftedProblem(question: "b", drafts: [draft("S3", 9, isRight: false), draft("S4", 6, isRight: true)]),
      DraftedProblem(question: "a", drafts: [draft("S1", 5, isRight: true), draft("S2", 5, isRight: false)]),
    ]
    func names(_ pairs: [AnswerPair]) -> [String] {
      pairs.map { "\($0.messages[0].content): \($0.chosen.suffix(2)) > \($0.rejected.suffix(2))" }
    }
    #expect(
      names(AdaR1().pairs(long: long, short: short)) == [
        "a: L1 > S1", "a: L2 > S2", "a: L1 > L2", "b: S4 > L3", "b: S4 > S3",
      ])
    #expect(
      names(AdaR1(epsilon: 0.6, groupPairs: 0).pairs(long: long, short: short)) == ["b: S4 > S3"],
      "with a larger ε the short one is preferred for a, whose drafts are equally long")
    #expect(AdaR1(epsilon: 0.5).prefersLong(accuracy: 0.9, short: 0.4) == false)
  }

  @Test func `prefers the shortest right draft to a wrong one and to a longer right one, as ReCUT does`() {
    let cut = DraftedProblem.Draft(text: "cut", tokenCount: 1, isComplete: false, isRight: false)
    let problems = [
      DraftedProblem(
        question: "a",
        drafts: [draft("a5", 5, isRight: true), draft("a3", 3, isRight: true), draft("a2", 2, isRight: false), cut]),
      // Only right ones, of which two are equally long: no pair for accuracy.
      DraftedProblem(
        question: "b",
        drafts: [draft("b4", 4, isRight: true), draft("b4'", 4, isRight: true), draft("b9", 9, isRight: true)]),
      // Only one right one: no pair for length.
      DraftedProblem(question: "c", drafts: [draft("c7", 7, isRight: true), draft("c8", 8, isRight: false)]),
      DraftedProblem(question: "d", drafts: [draft("d1", 1, isRight: false)]),
    ]
    let pairs = ReCUT().pairs(problems)
    #expect(pairs.accuracy.map(\.messages[0].content) == ["a", "c"])
    #expect(pairs.accuracy.map { $0.chosen.suffix(2) } == ["a3", "c7"])
    // "a2" is shorter than what is preferred to it.
    #expect(pairs.accuracy.map { $0.rejected.suffix(2) } == ["a2", "c8"])
    #expect(pairs.length.map { "\($0.chosen.suffix(2)) > \($0.rejected.suffix(2))" } == ["a3 > a5", "b4 > b9"])
    // Which wrong one is rejected depends on the seed alone.
    let wrong = (0..<6).map { draft("w\($0)", 9, isRight: false) }
    let many = [DraftedProblem(question: "e", drafts: wrong + [draft("r1", 3, isRight: true)])]
    let drawn = (0..<20).map { ReCUT(seed: $0).pairs(many).accuracy }
    #expect(drawn == (0..<20).map { ReCUT(seed: $0).pairs(many).accuracy } && Set(drawn).count > 1)
  }
}
