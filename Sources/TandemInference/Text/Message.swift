/// One turn of a conversation.
public struct Message: Sendable, Hashable {
  /// Who speaks.
  public enum Role: String, Sendable, Codable {
    case system, user, assistant, tool
  }

  /// Who speaks.
  public var role: Role
  /// The text.
  public var content: String
  /// What an assistant thought before it spoke; nil if that is unknown, or part of `content`.
  public var reasoning: String?
  /// The tools that an assistant calls at the end of its turn.
  public var toolCalls: [ToolCall]
  /// The call whose result this is, if a tool speaks.
  public var toolCallID: String?
  /// The name of the speaker; of a tool, its own.
  public var name: String?

  /// What `role` says, and nothing else unless given.
  public init(
    _ role: Role, _ content: String, reasoning: String? = nil, toolCalls: [ToolCall] = [], toolCallID: String? = nil,
    name: String? = nil
  ) {
    self.role = role
    self.content = content
    self.reasoning = reasoning
    self.toolCalls = toolCalls
    self.toolCallID = toolCallID
    self.name = name
  }
}

extension Message: Codable {
  private enum CodingKeys: CodingKey {
    case role, content, reasoning, toolCalls, toolCallID, name
  }

  /// Reads a message; all but its role and content may be missing.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      try values.decode(Role.self, forKey: .role), try values.decode(String.self, forKey: .content),
      reasoning: try values.decodeIfPresent(String.self, forKey: .reasoning),
      toolCalls: try values.decodeIfPresent([ToolCall].self, forKey: .toolCalls) ?? [],
      toolCallID: try values.decodeIfPresent(String.self, forKey: .toolCallID),
      name: try values.decodeIfPresent(String.self, forKey: .name))
  }

  /// Writes the role, the content, and what else the message has.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(role, forKey: .role)
    try values.encode(content, forKey: .content)
    try values.encodeIfPresent(reasoning, forKey: .reasoning)
    if !toolCalls.isEmpty { try values.encode(toolCalls, forKey: .toolCalls) }
    try values.encodeIfPresent(toolCallID, forKey: .toolCallID)
    try values.encodeIfPresent(name, forKey: .name)
  }
}
