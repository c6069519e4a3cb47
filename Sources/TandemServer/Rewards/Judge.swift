import Dispatch
import TandemRewards

/// Judges outputs on threads of its own: mathematics can take long, and the threads of Swift's tasks also answer all
/// other requests.
final class Judge: TaskExecutor {
  static let shared = Judge()

  private let queue = DispatchQueue(label: "tandem.judge", attributes: .concurrent)

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }

  /// Whether each output has the answer. Gives way to other requests after each; stops if the task is cancelled.
  ///
  /// Throws `RewardError` if `answer` is not of the kind that `check` compares with.
  func areRight(_ outputs: [String], _ check: AnswerCheck, _ answer: String) async throws -> [Bool] {
    try await withTaskExecutorPreference(self) {
      var found: [Bool] = []
      for output in outputs {
        found.append(try check.isRight(output, answer))
        await Task.yield()
        try Task.checkCancellation()
      }
      return found
    }
  }
}
