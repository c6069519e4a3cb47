import Foundation
package import TandemTasks

/// A task of a plan with its problems.
package struct LoadedTask: Sendable {
  package let choice: Plan.TaskChoice
  package let benchmark: Benchmark
  /// The problems that are run.
  package let exercises: ArraySlice<Exercise>

  /// Throws `TaskError` for what can't be loaded, and `invalidPlan` for more problems than there are.
  package init(_ choice: Plan.TaskChoice) throws {
    self.choice = choice
    benchmark = try Benchmark.load(
      choice.name, file: choice.path.map { URL(filePath: $0) }, prompt: choice.prompt, policy: choice.extraction,
      perturbation: choice.perturbation, optionSeed: choice.optionSeed)
    let count = choice.problems ?? benchmark.exercises.count
    guard (1...benchmark.exercises.count).contains(count) else {
      let reason = "\(choice.name) has \(benchmark.exercises.count) problems, not \(count)"
      throw EvaluationError.invalidPlan(reason: reason)
    }
    exercises = benchmark.exercises.prefix(count)
  }

  package var header: RunHeader.TaskHeader {
    RunHeader.TaskHeader(
      name: choice.title, problems: exercises.count, skipped: benchmark.skipped,
      fingerprint: benchmark.fingerprint(of: exercises))
  }

  /// Problems for a pilot: half as many as are run, from 32 to 64, others than these where there are enough of them.
  var pilot: (exercises: [Exercise], isHeldOut: Bool) {
    let count = min(max(32, exercises.count / 2), 64)
    let others = benchmark.exercises.dropFirst(exercises.count)
    return others.count >= count ? (Array(others.prefix(count)), true) : (Array(exercises.prefix(count)), false)
  }
}
