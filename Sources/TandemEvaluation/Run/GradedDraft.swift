/// A draft that was written beside others, as it would have done on its own.
public struct GradedDraft: Sendable, Hashable, Codable {
  /// Tokens of its thinking.
  public var tokens: Int
  /// Whether it came to its own end of thinking.
  public var isComplete: Bool
  /// nil where its author was not asked for an answer.
  public var grade: Grade?
  public var answer: String?

  public init(tokens: Int, isComplete: Bool, grade: Grade? = nil, answer: String? = nil) {
    self.tokens = tokens
    self.isComplete = isComplete
    self.grade = grade
    self.answer = answer
  }

  /// Whether its own answer is right; a draft that was cut is not, as a run that was cut is not.
  public var isRight: Bool { isComplete && grade == .correct }
}
