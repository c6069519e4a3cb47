import TandemTasks

/// Finds problems that evaluation asks among those to be trained on.
package struct LeakCheck: Sendable {
  /// The names of the evaluation sets by their questions.
  private let sets: [String: String]

  /// Holds every set that comes with Tandem to measure with. Throws `TaskError` if one is missing.
  package init() throws {
    var sets: [String: String] = [:]
    for entry in BenchmarkEntry.all where entry.isIncluded && !entry.isForChoosing {
      for exercise in try Benchmark.load(entry.name).exercises {
        sets[Self.key(exercise.question)] = "\(exercise.id) of the evaluation set \(entry.name)"
      }
    }
    self.sets = sets
  }

  /// Throws `fileInvalid` for the first problem of `path` that evaluation asks, or may ask: the splits of Countdown and of
  /// the word problems tell.
  package func check(_ problems: some Sequence<DraftedProblem>, from path: String) throws(TrainingError) {
    for problem in problems {
      if let found = sets[Self.key(problem.question)] {
        throw .fileInvalid(path: path, reason: "its problem '\(problem.question)' is \(found)")
      }
      if let countdown = Countdown(question: problem.question), CountdownSplit(countdown) == .heldOut {
        throw .fileInvalid(path: path, reason: "its problem '\(problem.question)' is on the held-out side of Countdown")
      }
      if let story = WordProblem(within: problem.question), let side = WordSplit(story), side != .training {
        throw .fileInvalid(
          path: path, reason: "its problem '\(problem.question)' is on a held-out side of the word problems")
      }
    }
  }

  /// What two wordings of one question have in common: its letters and digits, and of Countdown its numbers in order.
  private static func key(_ question: String) -> String {
    if let countdown = Countdown(question: question) { return "\(countdown.numbers.sorted())=\(countdown.target)" }
    return question.lowercased().filter { $0.isLetter || $0.isNumber }
  }
}
