import TandemTasks

/// How an answer is compared with the reference answer.
package enum AnswerCheck: String, Sendable, Hashable, Codable, CaseIterable {
  /// A derivation, in the last line that begins with "Answer:"; the answer is the problem's id, as "8-5-2=24".
  case countdown
  /// The same mathematics, whatever way it is written.
  case mathematics
  /// The same text, but for white space around it.
  case exact

  /// Throws `invalidAnswer` if `answer` is not of this kind: no output could be judged by it.
  package func validate(_ answer: String) throws(RewardError) {
    switch self {
    case .countdown: _ = try Self.problem(answer)
    case .mathematics:
      guard try isRight("\\boxed{\(answer)}", answer) else {
        throw .invalidAnswer(answer, expected: "mathematics or words")
      }
    case .exact: break
    }
  }

  private static func problem(_ answer: String) throws(RewardError) -> Countdown {
    guard let problem = Countdown(id: answer) else {
      throw .invalidAnswer(answer, expected: "a Countdown problem as '8-5-2=24'")
    }
    return problem
  }

  /// Whether `output`, the text that a model wrote after its thinking, gives `answer`.
  ///
  /// Throws `invalidAnswer` if `answer` is not of this kind.
  package func isRight(_ output: String, _ answer: String) throws(RewardError) -> Bool {
    switch self {
    case .countdown:
      let problem = try Self.problem(answer)
      let lines = output.split(whereSeparator: \.isNewline).map { $0.drop(while: \.isWhitespace) }
      return lines.last { $0.hasPrefix("Answer:") }.map { problem.isSolved(by: String($0)) } ?? false
    case .mathematics:
      return Gold.mathematics(Gold.Mathematics([answer])).judge(output, by: .standard).verdict == .correct
    case .exact:
      return output.trimmed == answer.trimmed
    }
  }
}
