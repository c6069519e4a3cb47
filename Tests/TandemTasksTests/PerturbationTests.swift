import Foundation
import Testing

@testable import TandemTasks

@Suite struct `A perturbation` {
  private let problems = [
    Exercise(id: "a", question: "Tom has 3 eggs. He buys 4 more. How many has he?", gold: .mathematics(.init(["7"]))),
    Exercise(id: "b", question: "What is 2 + 2?", gold: .mathematics(.init(["4"]))),
  ]

  @Test func `asks one of two questions, whichever place it has`() {
    let first = Perturbation.firstOfTwo.apply(to: problems)
    #expect(
      first[0].question == "Question 1: \(problems[0].question)\n\nQuestion 2: \(problems[1].question)\n\n"
        + "Answer question 1 only.")
    let second = Perturbation.secondOfTwo.apply(to: problems)
    #expect(second[1].question.hasPrefix("Question 1: \(problems[0].question)"))
    #expect(second[1].question.hasSuffix("Answer question 2 only."))
    #expect(second.map(\.gold) == problems.map(\.gold) && second.map(\.id) == ["a", "b"])
  }

  @Test func `can leave a number out, and then wants to hear so`() {
    let changed = Perturbation.missingData.apply(to: problems)
    #expect(changed.map(\.id) == ["a"])
    #expect(changed[0].question == "He buys 4 more. How many has he?")
    let gold = changed[0].gold
    func judge(_ text: String) -> Judgement { gold.judge(text, by: .standard) }
    #expect(judge("It can’t be determined.").verdict == .correct)
    #expect(judge("\\boxed{7}").verdict == .wrong)
    #expect(judge("\\boxed{7}").reason == "completed from memory")
    #expect(judge("\\boxed{4}").verdict == .wrong && judge("\\boxed{4}").reason != "completed from memory")
    #expect(judge("").verdict == .unparsable)
    #expect(gold.description == "none (7 before)")
  }

  @Test func `leaves the question whole behind a distraction`() {
    #expect(
      Perturbation.distractor.apply(to: problems).allSatisfy { changed in
        problems.contains { changed.question.hasSuffix($0.question) && changed.question != $0.question }
      })
  }

  @Test func `is named, with the nearest where it is not`() throws {
    #expect(try Perturbation.named("missing-data") == .missingData)
    #expect(throws: TaskError.self) { try Perturbation.named("missing") }
    #expect(try Benchmark.load("gsm8k", perturbation: .missingData).skipped > 0)
    #expect(throws: TaskError.self) { try Benchmark.load("countdown", perturbation: .missingData) }
  }
}

@Suite struct `A perturbation of word problems` {
  private let exercises = WordProblem.heldOut(count: 60).map(Exercise.init(wordProblem:))

  @Test func `leaves out what the answer needs, and nothing else`() {
    let changed = Perturbation.missingData.apply(to: exercises)
    #expect(changed.count == 60)
    for (before, after) in zip(exercises, changed) {
      #expect(WordProblem(question: before.question).flatMap { WordSolver($0).answer } != nil)
      #expect(WordProblem(question: after.question).map { WordSolver($0).answer } == .some(nil))
      #expect(after.gold == .missing(before.gold))
    }
  }

  @Test func `reorders the sentences, and keeps the answer`() {
    let changed = Perturbation.reordered.apply(to: exercises)
    #expect(changed.map(\.gold) == exercises.map(\.gold) && changed.map(\.id) == exercises.map(\.id))
    #expect(zip(exercises, changed).allSatisfy { $0.question != $1.question })
    // Other texts may mean something else in another order.
    let other = Exercise(id: "a", question: "Tom has 3 eggs. He eats 2. How many has he?", gold: .letter("A"))
    #expect(Perturbation.reordered.apply(to: [other]).isEmpty)
  }
}
