/// A draft that was written beside others, as it would have done on its own.
package struct GradedDraft: Sendable, Hashable, Codable {
  /// Tokens of its thinking.
  package var tokens: Int
  /// Whether its author ended the thinking itself.
  package var isComplete: Bool
  /// nil if its author was not asked for an answer.
  package var grade: Grade?
  package var answer: String?

  package init(tokens: Int, isComplete: Bool, grade: Grade? = nil, answer: String? = nil) {
    self.tokens = tokens
    self.isComplete = isComplete
    self.grade = grade
    self.answer = answer
  }

  /// Whether its own answer is right; a draft that was cut is not, as a run that was cut is not.
  package var isRight: Bool { isComplete && grade == .correct }
}
