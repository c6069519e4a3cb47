import TandemInference
package import TandemTasks

extension ExportedPrompt {
  /// A problem of Countdown for a model that was not taught how to answer it.
  package init(_ problem: Countdown) {
    self.init([Message(.user, problem.question + " " + Self.rules)], answer: problem.id)
  }

  private static let rules = """
    Use each number once, with + - * and exact /. Write the steps as the last line, as in \
    "Answer: 5 + 3 = 8, 8 * 3 = 24."
    """

  /// Distinct problems of Countdown's training side, as difficult as those of the evaluation.
  package static func countdown(_ count: Int, seed: UInt64, minimumBlindSuccess: Double = 0.05) -> [Self] {
    var generator = CountdownGenerator(seed: seed, split: .training, minimumBlindSuccess: minimumBlindSuccess)
    var (keys, found) = (Set<[Int]>(), [Self]())
    while found.count < count {
      let next = generator.next()
      if keys.insert(next.numbers.sorted() + [next.target]).inserted { found.append(Self(next)) }
    }
    return found
  }
}
