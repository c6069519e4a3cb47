import NIOPosix
import TandemRewards

/// Judges outputs on NIO's threads for work that blocks, of which there is a fixed number: mathematics can take long, and
/// the threads of Swift's tasks also answer all other requests.
enum Judge {
  /// Whether each output has the answer. Gives way to other requests after each; stops if the task is cancelled.
  ///
  /// Throws `RewardError` if `answer` is not of the kind that `check` compares with.
  static func areRight(_ outputs: [String], _ check: AnswerCheck, _ answer: String) async throws -> [Bool] {
    var found: [Bool] = []
    for output in outputs {
      found.append(try await NIOThreadPool.singleton.runIfActive { try check.isRight(output, answer) })
    }
    return found
  }
}
