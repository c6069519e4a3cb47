import TandemInference

/// Who speaks in a message of a request.
private enum ChatRole: String, CaseIterable {
  case system, developer, user, assistant, tool
}

extension Message {
  /// Reads one of the messages of a chat. What the assistant has thought is left out: prompts do not contain it.
  init(_ members: inout JSONMembers) throws(ServerError) {
    guard let role: ChatRole = try members.choice("role") else { throw members.missing("role") }
    guard let content = try Self.text(&members, "content") else { throw members.missing("content") }
    for name in ["reasoning_content", "reasoning", "name", "refusal"] { _ = try members.text(name) }
    members.ignore("annotations", "audio")
    switch role {
    case .system, .developer: self.init(.system, content)
    case .user: self.init(.user, content)
    case .assistant: self.init(.assistant, content)
    case .tool: throw .invalid("'\(members.place("role"))' can't be tool here.", members.place("role"))
    }
    try members.finish()
  }

  /// A text, or the texts of a list of parts.
  private static func text(_ members: inout JSONMembers, _ name: String) throws(ServerError) -> String? {
    guard let value = members.value(name) else { return nil }
    guard case .array = value else { return try members.text(name) }
    var text = ""
    for var part in try members.objects(name) ?? [] {
      guard let type = try part.text("type") else { throw part.missing("type") }
      guard ["text", "input_text", "output_text"].contains(type) else {
        throw .invalid(
          "'\(part.place("type"))' can be text, not '\(type)': the models read nothing else.", part.place("type"),
          code: "unsupported")
      }
      guard let piece = try part.text("text") else { throw part.missing("text") }
      text += piece
      part.ignore("annotations", "cache_control")
      try part.finish()
    }
    return text
  }
}
