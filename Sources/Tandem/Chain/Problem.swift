public import TandemInference

/// A conversation whose next turn is to be written: in most cases a question.
///
/// It ends with a question of the user's, with the results of tools, or with a message of the assistant's, which is then
/// the beginning of the answer.
public struct Problem: Sendable, Hashable {
  /// A name for records; empty if it needs none.
  public var id: String
  /// The conversation.
  public var messages: [Message]
  /// The tools that the models may call in their answer.
  public var tools: [Tool]

  /// A conversation. `validate` says whether it can be answered.
  public init(id: String = "", messages: [Message], tools: [Tool] = []) {
    self.id = id
    self.messages = messages
    self.tools = tools
  }

  /// A question, with nothing before it unless given.
  public init(
    id: String = "", question: String, instructions: String? = nil, history: [Message] = [], tools: [Tool] = []
  ) {
    let instructions = instructions.map { [Message(.system, $0)] } ?? []
    self.init(id: id, messages: instructions + history + [Message(.user, question)], tools: tools)
  }

  /// What the user said last. If the user has said nothing, setting it adds a message.
  public var question: String {
    get { questionIndex.map { messages[$0].content } ?? "" }
    set {
      if let questionIndex {
        messages[questionIndex].content = newValue
      } else {
        messages.append(Message(.user, newValue))
      }
    }
  }

  /// The text of a system message at the beginning.
  public var instructions: String? {
    get { messages.first.flatMap { $0.role == .system ? $0.content : nil } }
    set {
      messages.replaceSubrange(..<historyRange.lowerBound, with: newValue.map { [Message(.system, $0)] } ?? [])
    }
  }

  /// The messages between the instructions and the question.
  public var history: [Message] {
    get { Array(messages[historyRange]) }
    set { messages.replaceSubrange(historyRange, with: newValue) }
  }

  /// The text with which the answer has to begin: that of an assistant's message at the end. Empty if there is none.
  public var answerBeginning: String {
    get { beginningIndex.map { messages[$0].content } ?? "" }
    set {
      if let beginningIndex { messages.remove(at: beginningIndex) }
      if !newValue.isEmpty { messages.append(Message(.assistant, newValue)) }
    }
  }

  /// The messages that are in the prompt: all but the beginning of the answer.
  public var promptMessages: [Message] { Array(messages[..<(beginningIndex ?? messages.endIndex)]) }

  private var questionIndex: Int? { messages.lastIndex { $0.role == .user } }

  private var beginningIndex: Int? {
    messages.last.flatMap { $0.role == .assistant && $0.toolCalls.isEmpty ? messages.endIndex - 1 : nil }
  }

  private var historyRange: Range<Int> {
    let start = messages.first?.role == .system ? 1 : 0
    return start..<max(start, questionIndex ?? messages.endIndex)
  }
}

extension Problem: Codable {
  private enum CodingKeys: CodingKey {
    case id, question, instructions, history, messages, tools
  }

  /// Reads a problem; those of earlier versions have a question and a history, and no tools.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    let id = try values.decode(String.self, forKey: .id)
    let tools = try values.decodeIfPresent([Tool].self, forKey: .tools) ?? []
    if let messages = try values.decodeIfPresent([Message].self, forKey: .messages) {
      self.init(id: id, messages: messages, tools: tools)
    } else {
      self.init(
        id: id, question: try values.decode(String.self, forKey: .question),
        instructions: try values.decodeIfPresent(String.self, forKey: .instructions),
        history: try values.decode([Message].self, forKey: .history), tools: tools)
    }
  }

  /// Writes the question, and what is before it; the messages, if they are more than that.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(id, forKey: .id)
    try values.encode(question, forKey: .question)
    if messages == Problem(question: question, instructions: instructions, history: history).messages {
      try values.encodeIfPresent(instructions, forKey: .instructions)
      try values.encode(history, forKey: .history)
    } else {
      try values.encode(messages, forKey: .messages)
    }
    if !tools.isEmpty { try values.encode(tools, forKey: .tools) }
  }
}
