import TandemInference

private enum Speaker: String, CaseIterable { case user, assistant }

private enum Block: String, CaseIterable {
  case text, thinking
  case redactedThinking = "redacted_thinking"
  case toolUse = "tool_use"
  case toolResult = "tool_result"
}

extension Message {
  /// Reads one of the messages of Anthropic's API, whose content is a text or a list of blocks. Each result of a tool in a
  /// user's message becomes a message of its own, before the text.
  static func blocks(of members: inout JSONMembers) throws(ServerError) -> [Message] {
    guard let speaker: Speaker = try members.choice("role") else { throw members.missing("role") }
    guard let content = members.value("content") else { throw members.missing("content") }
    var message = Message(speaker == .user ? .user : .assistant, "")
    var results: [Message] = []
    if case .string(let text) = content {
      message.content = text
    } else {
      for var block in try members.objects("content") ?? [] {
        if let result = try message.add(&block) { results.append(result) }
        block.ignore("cache_control", "citations")
        try block.finish()
      }
    }
    try members.finish()
    let isEmpty = message.content.isEmpty && message.toolCalls.isEmpty && !results.isEmpty
    return results + (isEmpty ? [] : [message])
  }

  /// Adds a block, or returns it as a message if it is a tool's result.
  private mutating func add(_ block: inout JSONMembers) throws(ServerError) -> Message? {
    guard let type: Block = try block.choice("type") else { throw block.missing("type") }
    func text(_ name: String) throws(ServerError) -> String {
      guard let text = try block.text(name) else { throw block.missing(name) }
      return text
    }
    guard (role == .user) == (type == .toolResult) || type == .text else {
      throw .invalid("'\(block.place("type"))' can't be \(type.rawValue) here.", block.place("type"))
    }
    switch type {
    case .text: content += try text("text")
    case .thinking:
      reasoning = (reasoning ?? "") + (try text("thinking"))
      _ = try block.text("signature")
    case .redactedThinking: _ = try text("data")
    case .toolUse:
      guard let input = block.value("input") else { throw block.missing("input") }
      guard case .object = input else {
        throw .invalid("'\(block.place("input"))' must be an object, not \(input.kind).", block.place("input"))
      }
      toolCalls.append(ToolCall(id: try text("id"), name: try text("name"), arguments: input.text))
    case .toolResult:
      _ = try block.flag("is_error")
      return Message(.tool, try block.textBlocks("content") ?? "", toolCallID: try text("tool_use_id"))
    }
    return nil
  }
}

extension JSONMembers {
  /// A text, or the texts of a list of text blocks, one after the other.
  mutating func textBlocks(_ name: String) throws(ServerError) -> String? {
    guard let value = value(name) else { return nil }
    guard case .array = value else { return try text(name) }
    var texts: [String] = []
    for var block in try objects(name) ?? [] {
      guard let type = try block.text("type") else { throw block.missing("type") }
      guard type == "text" else {
        throw .invalid(
          "'\(block.place("type"))' can be text, not '\(type)': the models read nothing else.", block.place("type"),
          code: "unsupported")
      }
      guard let text = try block.text("text") else { throw block.missing("text") }
      texts.append(text)
      block.ignore("cache_control", "citations")
      try block.finish()
    }
    return texts.joined(separator: "\n\n")
  }
}
