import Foundation
import TandemInference
import TandemTasks
import Testing

@testable import TandemTraining

private func problem(_ right: [Bool], _ question: String = "Use 3, 7, 5, 2 to make 24.") -> DraftedProblem {
  DraftedProblem(
    question: question,
    drafts: right.enumerated().map {
      .init(text: "\($0.offset)", tokenCount: 1, isComplete: true, isRight: $0.element)
    })
}

@Suite struct `A drafted problem` {
  @Test func `has the numbers of its right drafts as labels, or the one after the last`() {
    #expect(problem([false, true, true]).labels == [2, 3])
    #expect(problem([false, false, false]).labels == [4])
    #expect(problem([false, true]).reordered([1, 0]).labels == [1])
  }

  @Test func `is read as it was written, and a line that is none is named`() async throws {
    try await withFolder { folder in
      let path = "\(folder)/d.jsonl"
      let problems = [problem([true]), problem([false, true])]
      try DraftedProblem.write(problems, to: path)
      #expect(try DraftedProblem.read(path) == problems)
      let text = try String(contentsOfFile: path, encoding: .utf8)
      try Data((text + "\n{\"question\": 1}\n").utf8).write(to: URL(filePath: path))
      let expected = TrainingError.fileInvalid(path: "\(path):4", reason: "it is not a question with drafts")
      #expect(failure { _ = try DraftedProblem.read(path) } == expected)
      let missing = "\(folder)/none/d.jsonl"
      #expect(
        failure { try DraftedProblem.write(problems, to: missing) }
          == .fileUnwritable(path: missing, reason: "No such file or directory"))
    }
  }
}

@Suite struct `A leak check` {
  @Test func `names a problem that evaluation asks, however its numbers are ordered`() throws {
    let check = try LeakCheck()
    let asked = try #require(try Countdown.heldOut().first)
    let reordered = Countdown(numbers: asked.numbers.reversed(), target: asked.target)
    for question in [asked.question, reordered.question, "\(asked.question) \(CountdownEffort.low.sentence)"] {
      guard case .fileInvalid("f", let reason) = failure({ try check.check([problem([true], question)], from: "f") })
      else {
        Issue.record("\(question) was not found")
        continue
      }
      #expect(reason.contains("evaluation set countdown"))
    }
  }

  @Test func `names problems on the held-out side that no list has`() throws {
    let check = try LeakCheck()
    var generator = CountdownGenerator(seed: 1, split: .heldOut, threeNumberShare: 1)
    let error = failure { try check.check([problem([true], generator.next().question)], from: "f") }
    guard case .fileInvalid(_, let reason) = error else {
      Issue.record("a held-out problem was not found")
      return
    }
    #expect(reason.contains("held-out side"))
  }

  @Test(arguments: [WordSplit.heldOutNumbers, .heldOutStructure])
  func `names word problems on a held-out side that no list has, however they are put`(_ split: WordSplit) throws {
    let check = try LeakCheck()
    var generator = WordProblemGenerator(seed: 1, split: split)
    let story = generator.next()
    let wrapped = "Write an outline.\n\nProblem:\n\(story.question)\n\nOutline:\n1. Add."
    for question in [story.question + " Effort: low.", story.reordered(seed: 1).question, wrapped] {
      let error = failure { try check.check([problem([true], question)], from: "f") }
      guard case .fileInvalid(_, let reason) = error else {
        Issue.record("a held-out problem was not found")
        continue
      }
      #expect(reason.contains("held-out side"))
    }
  }

  @Test func `finds the questions of every set that is shipped, and no training problem`() throws {
    let check = try LeakCheck()
    for entry in BenchmarkEntry.all where entry.isIncluded && !entry.isForChoosing {
      let exercise = try #require(try Benchmark.load(entry.name).exercises.last)
      let error = failure { try check.check([problem([true], " \(exercise.question)\n")], from: "f") }
      #expect(error != nil, "\(entry.name)")
    }
    var generator = CountdownGenerator(seed: 1)
    var stories = WordProblemGenerator(seed: 1)
    let training = (0..<100).flatMap { _ in [generator.next().question, stories.next().question] }
      .map { problem([true], $0) }
    #expect(failure { try check.check(training, from: "f") } == nil)
  }
}

@Suite struct `A mix of selections` {
  private let problems = (0..<100).map { problem([$0 < 40, false, false], "\($0)") }

  @Test func `has no larger share of rejections than it may`() {
    for share in [0, 0.2, 0.5] {
      let mix = SelectionMix(rejections: share, orders: 1, seed: 1).apply(to: problems)
      let rejections = mix.count { $0.isHopeless }
      #expect(mix.count - rejections == 40)
      #expect(Double(rejections) <= share * Double(mix.count) + 1e-9)
      #expect(Double(rejections + 1) > share * Double(mix.count + 1) - 1e-9, "as many as there may be")
    }
    #expect(SelectionMix(rejections: 1, orders: 1, seed: 1).apply(to: problems) == problems)
  }

  @Test func `shows the same drafts in other orders, the first time as they were drawn`() {
    let mix = SelectionMix(rejections: 1, orders: 4, seed: 1).apply(to: problems)
    #expect(mix.count == 400)
    for (index, problem) in mix.enumerated() {
      let original = problems[index / 4]
      #expect(Set(problem.drafts) == Set(original.drafts))
      if index % 4 == 0 { #expect(problem == original) }
    }
    let places = Set(mix.prefix(160).map { $0.labels })
    #expect(places == [[1], [2], [3]], "a right draft is not always the first")
  }
}

@Suite struct `The accuracy of a selector` {
  @Test func `is counted apart for problems with and without a right draft`() {
    var accuracy = SelectorAccuracy()
    accuracy.count(problem([true, false]), chosen: 1)
    accuracy.count(problem([true, false]), chosen: 2)
    accuracy.count(problem([true, true]), chosen: 3)
    accuracy.count(problem([false, false]), chosen: 3)
    accuracy.count(problem([false, false]), chosen: 1)
    #expect((accuracy.withRight, accuracy.chosenRight, accuracy.wronglyRejected) == (3, 1, 1))
    #expect((accuracy.withoutRight, accuracy.rightlyRejected) == (2, 1))
    #expect(accuracy.expectedBlind == 2)
    #expect(accuracy.labels == [1: 2, 2: 1, 3: 2])
  }
}
