import TandemInference

/// Who speaks in a message of a request.
private enum ChatRole: String, CaseIterable {
  case system, developer, user, assistant, tool
}

extension Message {
  /// Reads one of the messages of a chat. What the assistant has thought is given to the template, and most leave it out.
  init(_ members: inout JSONMembers) throws(ServerError) {
    guard let role: ChatRole = try members.choice("role") else { throw members.missing("role") }
    let content = try Self.text(&members, "content")
    let thoughts = try [members.text("reasoning_content"), members.text("reasoning")].compactMap(\.self)
    let name = try members.text("name")
    members.ignore("annotations", "audio", "refusal")
    switch role {
    case .system, .developer: self.init(.system, try members.required(content, "content"), name: name)
    case .user: self.init(.user, try members.required(content, "content"), name: name)
    case .assistant:
      var calls: [ToolCall] = []
      for var call in try members.objects("tool_calls") ?? [] { calls.append(try ToolCall(&call)) }
      let text = calls.isEmpty ? try members.required(content, "content") : content ?? ""
      self.init(.assistant, text, reasoning: thoughts.first { !$0.isEmpty }, toolCalls: calls, name: name)
    case .tool:
      let id = try members.required(members.text("tool_call_id"), "tool_call_id")
      self.init(.tool, try members.required(content, "content"), toolCallID: id, name: name)
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
