public import TandemInference

/// What was asked, the steps of the thinking about it, and the answer: a finished run as data to learn from is made of it.
public struct RecordedThinking: Sendable, Hashable {
  /// What was asked.
  public let messages: [Message]
  /// The thinking, up to and with each blank line.
  public let steps: [String]
  /// The answer after the thinking.
  public let answer: String

  /// The thinking as one text.
  public var thinking: String { steps.joined() }

  /// Splits `thinking` into its steps; nil if it is empty, or the answer is.
  public init?(messages: [Message], thinking: String, answer: String) {
    self.init(messages: messages, steps: Self.steps(of: thinking), answer: answer)
  }

  init?(messages: [Message], steps: [String], answer: String) {
    guard !steps.isEmpty, !answer.isEmpty else { return nil }
    (self.messages, self.steps, self.answer) = (messages, steps, answer)
  }

  /// That of a recorded run; nil if the run has no thinking or did not come to an answer.
  ///
  /// Throws `invalidTrace` for a trace without a beginning.
  public init?(_ trace: Trace) throws(ReasoningError) {
    guard let problem = trace.header?.problem else {
      throw .invalidTrace(line: 1, reason: "a trace begins with a 'started' event")
    }
    func text(of segment: Segment) -> String { trace.thoughts.filter { $0.segment == segment }.map(\.text).joined() }
    guard let outcome = trace.outcome, !outcome.isTruncated else { return nil }
    self.init(messages: problem.promptMessages, thinking: text(of: .thinking), answer: text(of: .answer))
  }

  /// Text up to each blank line, with it.
  static func steps(of thinking: String) -> [String] {
    var (steps, step) = ([String](), "")
    var rest = thinking[...]
    while let end = rest.firstRange(of: "\n\n") {
      // A longer gap belongs to the step before it.
      let next = rest[end.upperBound...].firstIndex { $0 != "\n" } ?? rest.endIndex
      step = String(rest[..<next])
      if step.allSatisfy(\.isWhitespace), !steps.isEmpty { steps[steps.count - 1] += step } else { steps.append(step) }
      rest = rest[next...]
    }
    if !rest.isEmpty { steps.append(String(rest)) }
    return steps
  }
}
