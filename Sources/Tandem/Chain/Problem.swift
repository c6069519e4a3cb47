public import TandemInference

/// A question to reason about.
public struct Problem: Sendable, Hashable, Codable {
  public var id: String
  public var question: String
  /// What a system message says before the question.
  public var instructions: String?
  /// What was said before, by turns.
  public var history: [Message]

  public init(id: String = "", question: String, instructions: String? = nil, history: [Message] = []) {
    self.id = id
    self.question = question
    self.instructions = instructions
    self.history = history
  }

  /// The conversation that a model is prompted with.
  public var messages: [Message] {
    (instructions.map { [Message(.system, $0)] } ?? []) + history + [Message(.user, question)]
  }
}
