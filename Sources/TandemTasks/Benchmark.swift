package import Foundation
import Tandem
import TandemInference

/// A task: problems with known answers, and how they are asked and judged unless a plan says otherwise.
package struct Benchmark: Sendable {
  package let name: String
  package let exercises: [Exercise]
  /// Rows of its file that were left out because they have no answer.
  package let skipped: Int
  package let prompt: PromptTemplate
  package let policy: AnswerPolicy
  /// Whether its questions may not be written down: its authors ask that they stay off the net.
  package let isConfidential: Bool

  /// The seed by which Speculative Thinking's code shuffles the options of multiple choice.
  package static let usualOptionSeed: UInt64 = 41

  /// Loads a task by its name, or a file of the user's under any name.
  ///
  /// - Parameters:
  ///   - file: Its problems: JSON Lines as `ProblemFile` has it, GPQA's own CSV for `gpqa-diamond`. Not needed for the
  ///     tasks that come with Tandem.
  ///   - prompt: Another template than the task's own.
  ///   - policy: Another way to find the answer.
  ///   - perturbation: A change of each problem; those that can't be changed so are skipped.
  ///   - optionSeed: Shuffles the options of multiple choice.
  ///
  /// Throws `TaskError`: `fileNeeded` says how to get the file.
  package static func load(
    _ name: String, file: URL? = nil, prompt: PromptTemplate? = nil, policy: AnswerPolicy? = nil,
    perturbation: Perturbation? = nil, optionSeed: UInt64 = usualOptionSeed
  ) throws -> Benchmark {
    let entry = try BenchmarkEntry.named(name, hasFile: file != nil)
    var (exercises, skipped) = try problems(of: entry, file, optionSeed)
    if let perturbation {
      let changed = perturbation.apply(to: exercises)
      (exercises, skipped) = (changed, skipped + exercises.count - changed.count)
      guard !changed.isEmpty else {
        throw TaskError.invalidFile(path: file?.path ?? name, reason: "it has no problem for \(perturbation.rawValue)")
      }
    }
    guard !exercises.isEmpty else {
      throw TaskError.invalidFile(path: file?.path ?? name, reason: "it has no problem with an answer")
    }
    return Benchmark(
      name: name, exercises: exercises, skipped: skipped, prompt: prompt ?? entry.prompt,
      policy: policy ?? entry.policy,
      isConfidential: entry.isConfidential)
  }

  private static func problems(
    of entry: BenchmarkEntry, _ file: URL?, _ optionSeed: UInt64
  ) throws -> (exercises: [Exercise], skipped: Int) {
    switch (entry.source, file) {
    case (.heldOutCountdown, let file):
      return (try Countdown.heldOut(file).map(Exercise.init(countdown:)), 0)
    case (.trainingCountdown, _):
      return (Countdown.training(count: entry.count ?? 0).map(Exercise.init(countdown:)), 0)
    case (.heldOutWordProblems, nil):
      return (WordProblem.heldOut(count: entry.count ?? 0).map(Exercise.init(wordProblem:)), 0)
    case (.trainingWordProblems, nil):
      return (WordProblem.training(count: entry.count ?? 0).map(Exercise.init(wordProblem:)), 0)
    case (.choices, let file?):
      return (try ChoiceFile(file, task: entry.name, optionSeed: optionSeed).exercises, 0)
    case (.bundled(let name), nil):
      let file = try ProblemFile(TaskFile.bundled(name), task: entry.name)
      return (file.exercises, file.skipped)
    case (.bundled, let file?), (.file, let file?), (.heldOutWordProblems, let file?),
      (.trainingWordProblems, let file?):
      let file = try ProblemFile(file, task: entry.name)
      return (file.exercises, file.skipped)
    case (.file(let instructions), nil), (.choices(let instructions), nil):
      throw TaskError.fileNeeded(task: entry.name, instructions: instructions)
    }
  }

  /// A digest of some of its problems, with their prompts and answers and how they are judged: equal digests mean that
  /// two runs were asked the same.
  package func fingerprint(of exercises: some Sequence<Exercise>) -> String {
    var print = Fingerprint()
    print.combine("\(prompt.name) \(policy.rawValue)".utf8)
    for exercise in exercises {
      let problem = prompt.problem(exercise)
      for text in [exercise.id, problem.instructions ?? "", problem.question, "\(exercise.gold)"] {
        print.combine(text.utf8)
      }
    }
    return String(print.value, radix: 16)
  }
}
