import TandemInference

private enum ItemType: String, CaseIterable {
  case message, reasoning
  case functionCall = "function_call"
  case functionCallOutput = "function_call_output"
}

/// The items of a response's input, as the messages of a conversation: what an assistant thought, said and called in one
/// turn is one message.
struct InputItems {
  private(set) var messages: [Message] = []
  /// The item in which each of them begins.
  private(set) var places: [String] = []
  /// What was thought before the next message of the assistant.
  private var reasoning: String?

  mutating func add(_ item: inout JSONMembers) throws(ServerError) {
    let type: ItemType = try item.choice("type") ?? .message
    if type != .message || item.value("id") != nil { _ = try (item.text("id"), item.text("status")) }
    switch type {
    case .message:
      item.ignore("phase", "status")
      var message = try Message(&item)
      if message.role == .assistant { message.reasoning = takeReasoning() ?? message.reasoning }
      return append(message, item)
    case .reasoning:
      for name in ["content", "summary"] {
        guard let text = try item.partTexts(name), !text.isEmpty, reasoning == nil else { continue }
        reasoning = text
      }
      item.ignore("encrypted_content")
    case .functionCall:
      let call = ToolCall(
        id: try item.needed("call_id"), name: try item.needed("name"), arguments: try item.needed("arguments"))
      if messages.last?.role != .assistant { append(Message(.assistant, "", reasoning: takeReasoning()), item) }
      messages[messages.count - 1].toolCalls.append(call)
    case .functionCallOutput:
      guard let output = try item.partTexts("output") else { throw item.missing("output") }
      append(Message(.tool, output, toolCallID: try item.needed("call_id")), item)
    }
    try item.finish()
  }

  private mutating func append(_ message: Message, _ item: JSONMembers) {
    messages.append(message)
    places.append(item.path)
  }

  private mutating func takeReasoning() -> String? {
    defer { reasoning = nil }
    return reasoning
  }
}

extension JSONMembers {
  fileprivate mutating func needed(_ name: String) throws(ServerError) -> String {
    guard let text = try text(name) else { throw missing(name) }
    return text
  }

  /// A text, or the texts of a list of parts.
  fileprivate mutating func partTexts(_ name: String) throws(ServerError) -> String? {
    guard let value = value(name) else { return nil }
    guard case .array = value else { return try text(name) }
    var texts: [String] = []
    for var part in try objects(name) ?? [] {
      part.ignore("type", "annotations", "logprobs")
      texts.append(try part.needed("text"))
      try part.finish()
    }
    return texts.joined(separator: "\n\n")
  }
}
