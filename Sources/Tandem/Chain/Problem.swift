public import TandemInference

/// A question to reason about.
public struct Problem: Sendable, Hashable, Codable {
  /// A name for records; empty if it needs none.
  public var id: String
  /// The question, as the user asks it.
  public var question: String
  /// The text of a system message.
  public var instructions: String?
  /// Earlier turns of the conversation.
  public var history: [Message]

  /// A question, with nothing before it unless given.
  public init(id: String = "", question: String, instructions: String? = nil, history: [Message] = []) {
    self.id = id
    self.question = question
    self.instructions = instructions
    self.history = history
  }

  /// The conversation of a model's prompt.
  public var messages: [Message] {
    (instructions.map { [Message(.system, $0)] } ?? []) + history + [Message(.user, question)]
  }
}
