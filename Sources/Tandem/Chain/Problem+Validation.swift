import TandemInference

extension Problem {
  /// Throws `invalidSetting` for the first message or tool that makes no sense, by its place: "messages[2]".
  ///
  /// The user must have said something. Each call of a tool must be followed by its result, and each result must follow
  /// its call. Messages of one role may follow each other; a template that can't print that says so.
  public func validate() throws(ReasoningError) {
    guard messages.contains(where: { $0.role == .user }) else {
      throw .invalidSetting(name: "messages", reason: "must have one of the user's")
    }
    for (index, message) in messages.enumerated() { try message.validate(at: index) }
    try validateCalls()
    if messages.last?.role == .assistant, messages.last?.reasoning != nil {
      throw invalid(messages.count - 1, "is the beginning of the answer, which has no thinking of its own")
    }
    var names: Set<String> = []
    for (index, tool) in tools.enumerated() {
      guard !tool.name.isEmpty else { throw .invalidSetting(name: "tools[\(index)]", reason: "must have a name") }
      guard names.insert(tool.name).inserted else {
        throw .invalidSetting(name: "tools[\(index)]", reason: "has the name of another, '\(tool.name)'")
      }
    }
  }

  private func validateCalls() throws(ReasoningError) {
    var open: [ToolCall] = []
    for (index, message) in messages.enumerated() {
      if message.role == .tool {
        guard let call = open.firstIndex(where: { $0.id == message.toolCallID }) else {
          throw invalid(index, "is the result of no call: its id must be that of a call directly before it")
        }
        open.remove(at: call)
      } else {
        if let call = open.first { throw invalid(index, "stands where the result of '\(call.name)' must be") }
        open = message.toolCalls
      }
    }
    if let call = open.first { throw invalid(messages.count - 1, "must be followed by the result of '\(call.name)'") }
  }
}

extension Message {
  fileprivate func validate(at index: Int) throws(ReasoningError) {
    guard role == .assistant || (toolCalls.isEmpty && reasoning == nil) else {
      throw invalid(index, "has thinking or calls of tools, which only an assistant has")
    }
    guard role == .tool || toolCallID == nil else {
      throw invalid(index, "has the id of a call, which only the result of a tool has")
    }
    guard Set(toolCalls.map(\.id)).count == toolCalls.count else {
      throw invalid(index, "has two calls of tools with one id")
    }
  }
}

private func invalid(_ index: Int, _ reason: String) -> ReasoningError {
  .invalidSetting(name: "messages[\(index)]", reason: reason)
}
