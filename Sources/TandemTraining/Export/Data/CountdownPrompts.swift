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
  ///
  /// - Parameter patience: Draws in a row that may bring no new problem.
  ///
  /// Throws `invalidOption` if there are not as many.
  package static func countdown(
    _ count: Int, seed: UInt64, minimumBlindSuccess: Double = 0.05, patience: Int = 1_000
  ) throws(TrainingError) -> [Self] {
    var generator = CountdownGenerator(seed: seed, split: .training, minimumBlindSuccess: minimumBlindSuccess)
    let found = generator.distinct(count, patience: patience)
    guard found.count == count else {
      throw .invalidOption(
        name: "problems", reason: "can't be \(count): Countdown has about \(found.count) that are this difficult")
    }
    return found.map { Self($0) }
  }
}
