extension ChatTemplate {
  /// The prompt for `messages`, as `render` makes it.
  ///
  /// Throws `templateFailed` if a message of a user, the system or a tool is not in it, or a tool, or a call of one.
  /// What an assistant said or thought is the template's to shorten: many leave out old thinking.
  public func prompt(
    for messages: [Message], tools: [Tool] = [], variables: [String: TemplateVariable] = [:]
  ) throws(EngineError) -> [PromptPart] {
    let parts = try render(messages, tools: tools, variables: variables)
    // Templates trim what they print; anything else about white space is theirs too.
    func visible(_ text: String) -> String { text.filter { !$0.isWhitespace } }
    let text = visible(parts.map(\.text).joined())
    for message in messages where message.role == .user {
      guard text.contains(visible(message.content)) else {
        throw .templateFailed(reason: "it leaves out what the user wrote")
      }
    }
    let probe = PromptProbe(messages, tools)
    guard !probe.marks.isEmpty else { return parts }
    let probed = try render(probe.messages, tools: probe.tools, variables: variables).map(\.text).joined()
    for (mark, meaning) in probe.marks where !probed.contains(mark) {
      throw .templateFailed(reason: "it leaves out \(meaning)")
    }
    return parts
  }
}

/// A conversation with marks in the place of all that a template may edit, but not leave out: a template may write a
/// tool's result as a JSON string, or take words out of a system message.
private struct PromptProbe {
  private(set) var messages: [Message]
  private(set) var tools: [Tool]
  /// What must be in the prompt, and what each stands for.
  private(set) var marks: [(mark: String, meaning: String)] = []

  init(_ messages: [Message], _ tools: [Tool]) {
    (self.messages, self.tools) = (messages, tools)
    for (index, tool) in tools.enumerated() { self.tools[index].name = mark("the tool '\(tool.name)'") }
    for (index, message) in messages.enumerated() {
      switch message.role {
      case .system: self.messages[index].content = mark("the system message")
      case .tool: self.messages[index].content = mark("the result of a tool")
      case .user: break
      case .assistant:
        for (place, call) in message.toolCalls.enumerated() {
          self.messages[index].toolCalls[place].name = mark("the call of '\(call.name)'")
        }
      }
    }
  }

  private mutating func mark(_ meaning: String) -> String {
    // Between two letters, so that the first is not the beginning of the tenth.
    let mark = "probe\(marks.count)x"
    marks.append((mark, meaning))
    return mark
  }
}
