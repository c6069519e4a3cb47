import Tandem
import TandemTasks
import Testing

@Suite struct `Word problems` {
  @Test func `are the same for the same seed, and others for another`() {
    #expect(problems(30, seed: 4) == problems(30, seed: 4))
    #expect(problems(30, seed: 4) != problems(30, seed: 5))
  }

  @Test func `read back from their questions`() {
    for problem in problems(2_000, seed: 1) {
      #expect(WordProblem(question: problem.question) == problem, "\(problem.question)")
    }
    #expect(WordProblem(question: "Tom has 5 apples. How many pears does Tom have?") == nil)
    #expect(WordProblem(question: "Use 3, 12 to make 19.") == nil)
    for problem in problems(50, seed: 1) {
      let text = CoThink().planRequest.replacing("{question}", with: problem.question)
      #expect(WordProblem(question: text) == nil && WordProblem(within: text) == problem)
    }
  }

  @Test func `have an answer, by two to eight calculations with small numbers`() {
    var counts: [Int: Int] = [:]
    for problem in problems(2_000, seed: 2) {
      let solver = WordSolver(problem)
      #expect(solver.answer != nil)
      counts[solver.steps, default: 0] += 1
      #expect(solver.values.values.allSatisfy { (2...99).contains($0) })
    }
    #expect(counts.keys.sorted() == Array(WordProblemGenerator.steps), "\(counts)")
    #expect(counts.values.allSatisfy { $0 > 100 }, "\(counts)")
  }

  @Test func `have the answers that a reader finds`() {
    let question = """
      Tom has 5 apples. The weather is fine. Ann has twice as many apples as Tom. Each of Ann's apples is worth 3 coins. \
      How many coins are Ann's apples worth?
      """
    let problem = WordProblem(question: question + " Effort: low.")
    #expect(problem.flatMap { WordSolver($0).answer } == 30)
    #expect(problem.map { WordSolver($0).steps } == 2)
    #expect(problem.map { WordSplit.key(of: $0, withNumbers: true) } == "worth(times(5,2),3)")
    #expect(problem.map { WordSplit.key(of: $0, withNumbers: false) } == "worth(times(_))")
  }

  @Test func `are on one side of the split, whatever their words`() {
    for problem in problems(300, seed: 5) {
      #expect(WordSplit(problem) == .training)
      #expect(WordSplit(problem.reordered(seed: 1)) == .training)
      // A story that lacks something is on no side.
      #expect(problem.missingData(seed: 1).map(WordSplit.init) == .some(nil))
    }
  }

  @Test func `that are held out leak nowhere into those for training`() {
    let (heldOut, training) = (WordProblem.heldOut(count: 400), problems(3_000, seed: 6))
    func keys(_ problems: [WordProblem], withNumbers: Bool) -> Set<String> {
      Set(problems.map { WordSplit.key(of: $0, withNumbers: withNumbers) })
    }
    #expect(keys(heldOut, withNumbers: true).count == 400)
    #expect(keys(heldOut, withNumbers: true).isDisjoint(with: keys(training, withNumbers: true)))
    let structures = heldOut.filter { WordSplit($0) == .heldOutStructure }
    #expect(structures.count == 200)
    #expect(keys(structures, withNumbers: false).isDisjoint(with: keys(training, withNumbers: false)))
    #expect(WordProblem.training(count: 200).allSatisfy { WordSplit($0) == .training })
  }

  @Test func `keep their answer in another order, and have none where something is missing`() {
    for (index, problem) in problems(300, seed: 7).enumerated() {
      let other = problem.reordered(seed: UInt64(index))
      #expect(other.question != problem.question && WordProblem(question: other.question) == other)
      #expect(WordSolver(other).answer == WordSolver(problem).answer)
      let less = problem.missingData(seed: UInt64(index))
      #expect(less.map { $0.statements.count } == problem.statements.count - 1)
      #expect(less.map { WordSolver($0).answer } == .some(nil))
    }
  }

  /// A change of the generator changes what is measured; whoever changes it reads it here.
  @Test func `that are held out stay what they are`() throws {
    let benchmark = try Benchmark.load("word-problems")
    #expect(benchmark.fingerprint(of: benchmark.exercises) == "e168cec01ffd329b")
    #expect(
      benchmark.exercises[0].question == """
        The bucket holds exactly 12 nails. The suitcase holds 2 nails. Compared with the bucket, the cupboard holds a \
        quarter as many nails. A neighbour is 55 years old. The green box holds twice as many nails as the cupboard. \
        The crate holds as many nails as the suitcase and the cupboard together. The white box holds 2 fewer nails \
        than the crate. Compared with the green box, the red box holds 6 more nails. The drawer holds 5 nails more than \
        the red box. How many nails do the crate and the red box hold together?
        """)
    #expect(benchmark.exercises[0].gold.description == "17" && benchmark.exercises[0].level == "5")
  }

  private func problems(_ count: Int, seed: UInt64) -> [WordProblem] {
    var generator = WordProblemGenerator(seed: seed)
    return (0..<count).map { _ in generator.next() }
  }
}
