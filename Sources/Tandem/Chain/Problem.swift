public import TandemInference

/// A question to reason about.
public struct Problem: Sendable, Hashable {
  /// A name for records; empty if it needs none.
  public var id: String
  /// The question, as the user asks it.
  public var question: String
  /// The text of a system message.
  public var instructions: String?
  /// Earlier turns of the conversation.
  public var history: [Message]
  /// The tools that the models may call in their answer.
  public var tools: [Tool]

  /// A question, with nothing before it unless given.
  public init(
    id: String = "", question: String, instructions: String? = nil, history: [Message] = [], tools: [Tool] = []
  ) {
    self.id = id
    self.question = question
    self.instructions = instructions
    self.history = history
    self.tools = tools
  }

  /// The conversation of a model's prompt.
  public var messages: [Message] {
    (instructions.map { [Message(.system, $0)] } ?? []) + history + [Message(.user, question)]
  }
}

extension Problem: Codable {
  private enum CodingKeys: CodingKey {
    case id, question, instructions, history, tools
  }

  /// Reads a problem; those of earlier versions have no tools.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      id: try values.decode(String.self, forKey: .id), question: try values.decode(String.self, forKey: .question),
      instructions: try values.decodeIfPresent(String.self, forKey: .instructions),
      history: try values.decode([Message].self, forKey: .history),
      tools: try values.decodeIfPresent([Tool].self, forKey: .tools) ?? [])
  }

  /// Writes the problem; its tools if it has any.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(id, forKey: .id)
    try values.encode(question, forKey: .question)
    try values.encodeIfPresent(instructions, forKey: .instructions)
    try values.encode(history, forKey: .history)
    if !tools.isEmpty { try values.encode(tools, forKey: .tools) }
  }
}
