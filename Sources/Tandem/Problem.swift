public import TandemInference

/// A question to reason about.
public struct Problem: Sendable, Hashable, Codable {
  public var id: String
  public var question: String
  /// What a system message says before the question.
  public var instructions: String?

  public init(id: String = "", question: String, instructions: String? = nil) {
    self.id = id
    self.question = question
    self.instructions = instructions
  }

  /// The conversation that a model is prompted with.
  public var messages: [Message] {
    (instructions.map { [Message(.system, $0)] } ?? []) + [Message(.user, question)]
  }
}
