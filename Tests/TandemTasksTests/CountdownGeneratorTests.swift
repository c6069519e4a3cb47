import Foundation
import Tandem
import TandemInference
import TandemTasks
import Testing

@Suite struct `Generated Countdown problems` {
  @Test func `are the same for the same seed, and others for another`() {
    #expect(problems(20, seed: 4) == problems(20, seed: 4))
    #expect(problems(20, seed: 4) != problems(20, seed: 5))
  }

  @Test func `stay what they are`() {
    #expect(
      problems(4, seed: 1).map(\.question) == [
        "Use 9, 12, 6, 6 to make 33.", "Use 7, 4, 10, 5 to make 28.", "Use 7, 6, 3, 8 to make 35.",
        "Use 12, 8, 8, 5 to make 23.",
      ])
  }

  @Test(arguments: CountdownSplit.allCases)
  func `can be solved, and are from their side of the split`(split: CountdownSplit) {
    var (generator, solver) = (CountdownGenerator(seed: 9, split: split, threeNumberShare: 0.5), CountdownSolver())
    for _ in 0..<500 {
      let problem = generator.next()
      #expect([3, 4].contains(problem.numbers.count) && problem.numbers.allSatisfy { 1...12 ~= $0 })
      #expect(10...40 ~= problem.target && !problem.numbers.contains(problem.target))
      let canReach = solver.canReach(problem.target, from: CountdownState(problem.numbers))
      #expect(canReach)
      #expect(CountdownSplit(problem) == split)
    }
  }

  @Test func `are as easy as is asked`() {
    var (generator, solver) = (CountdownGenerator(seed: 2, minimumBlindSuccess: 0.2), CountdownSolver())
    for _ in 0..<50 {
      let problem = generator.next()
      let chance = solver.blindSuccess(problem.target, from: CountdownState(problem.numbers))
      #expect(chance >= 0.2)
    }
  }

  @Test func `have three numbers as often as is asked`() {
    var generator = CountdownGenerator(seed: 6, threeNumberShare: 0.25)
    let count = (0..<1_000).count { _ in generator.next().numbers.count == 3 }
    #expect(abs(count - 250) < 70)  // five standard errors
  }

  private func problems(_ count: Int, seed: UInt64) -> [Countdown] {
    var generator = CountdownGenerator(seed: seed, threeNumberShare: 0.2)
    return (0..<count).map { _ in generator.next() }
  }
}

@Suite struct `The split of Countdown problems` {
  /// The values are from the first experiment's program, in another language.
  @Test(arguments: [
    ([10, 7, 5, 2], 24, CountdownSplit.heldOut), ([1, 10, 10, 8], 20, .heldOut), ([12, 2, 5, 5], 15, .heldOut),
    ([3, 8, 5, 10], 17, .heldOut), ([3, 7, 5], 22, .heldOut), ([1, 2, 3, 4], 10, .training),
    ([6, 6], 36, .training), ([4, 4, 10, 12], 11, .training),
  ])
  func `is that of the published lists`(numbers: [Int], target: Int, split: CountdownSplit) {
    #expect(CountdownSplit(Countdown(numbers: numbers, target: target)) == split)
  }

  @Test func `does not depend on the order of the numbers`() {
    var (generator, draws) = (CountdownGenerator(seed: 3), SplitMix64(seed: 1))
    for _ in 0..<200 {
      let problem = generator.next()
      let shuffled = Countdown(numbers: problem.numbers.shuffled(using: &draws), target: problem.target)
      #expect(CountdownSplit(shuffled) == CountdownSplit(problem))
    }
  }
}

@Suite struct `The held-out Countdown problems` {
  @Test func `are 1,000, each another`() throws {
    let problems = try Countdown.heldOut()
    #expect(problems.count == 1_000)
    #expect(Set(problems.map { $0.numbers.sorted() + [$0.target] }).count == 1_000)
    #expect(problems.allSatisfy { $0.numbers.count == 4 })
  }

  @Test func `are held out and can be solved`() throws {
    var solver = CountdownSolver()
    for problem in try Countdown.heldOut().prefix(200) {
      #expect(CountdownSplit(problem) == .heldOut)
      let chance = solver.blindSuccess(problem.target, from: CountdownState(problem.numbers))
      #expect(chance >= 0.05)
    }
  }

  @Test func `are made from a seed`() throws {
    let made = try Countdown.makeHeldOut(count: 20)
    let problems = try made.split(separator: "\n").map { line in
      struct Row: Decodable {
        let id: String
        let problem: String
        let numbers: [Int]
        let target: Int
      }
      let row = try JSONDecoder().decode(Row.self, from: Data(line.utf8))
      let problem = Countdown(numbers: row.numbers, target: row.target)
      #expect(row.id == problem.problem.id && row.problem == problem.question)
      return problem
    }
    #expect(try problems == Array(Countdown.heldOut().prefix(20)))
  }

  @Test func `are never among generated training problems`() throws {
    let heldOut = Set(try Countdown.heldOut().map { $0.numbers.sorted() + [$0.target] })
    var generator = CountdownGenerator(seed: 8, threeNumberShare: 0.15)
    for _ in 0..<3_000 {
      let problem = generator.next()
      #expect(!heldOut.contains(problem.numbers.sorted() + [problem.target]))
    }
  }
}
