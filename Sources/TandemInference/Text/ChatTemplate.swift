/// Messages to the prompt that a model was trained on.
public protocol ChatTemplate: Sendable {
  /// The template's own text (Jinja), if it has one; reasoning delimiters are looked for in it.
  var source: String? { get }

  /// The prompt for `messages`, up to where the assistant begins to write. The model may call `tools`.
  ///
  /// Throws `unsupported` for a model that has no way to read them, and `templateFailed` if the template itself does not work.
  /// A template may leave out what it does not expect: `prompt` throws then.
  func render(
    _ messages: [Message], tools: [Tool], variables: [String: TemplateVariable]
  ) throws(EngineError) -> [PromptPart]
}

extension ChatTemplate {
  /// The prompt for `messages` without tools, as `render` makes it.
  public func render(_ messages: [Message], variables: [String: TemplateVariable]) throws(EngineError) -> [PromptPart] {
    try render(messages, tools: [], variables: variables)
  }
}

/// A piece of a prompt, with its origin: what a user wrote must never turn into control tokens.
public struct PromptPart: Sendable, Hashable {
  /// The text.
  public var text: String
  /// Whether the text came from a message, rather than from the template.
  public var isInput: Bool

  /// A piece of text from a message, or from the template.
  public init(_ text: String, isInput: Bool) {
    self.text = text
    self.isInput = isInput
  }
}

/// A value for a template's own switches, such as Qwen3's `enable_thinking`.
public enum TemplateVariable: Sendable, Hashable, Codable {
  /// True or false.
  case flag(Bool)
  /// A text.
  case text(String)
}

/// For base models, which have no turns: the messages one after the other, with a blank line after each.
public struct PlainTemplate: ChatTemplate {
  /// It has none.
  public var source: String? { nil }

  /// The only one there is.
  public init() {}

  /// The messages' contents, and nothing else. Throws `unsupported` for tools, their calls and their results.
  public func render(
    _ messages: [Message], tools: [Tool], variables: [String: TemplateVariable]
  ) throws(EngineError) -> [PromptPart] {
    guard tools.isEmpty, messages.allSatisfy({ $0.role != .tool && $0.toolCalls.isEmpty }) else {
      throw .unsupported(capability: "read tools", engine: "A model without a chat template")
    }
    return messages.flatMap { [PromptPart($0.content, isInput: true), PromptPart("\n\n", isInput: false)] }
  }
}

extension Tokenizer {
  /// The tokens of a rendered prompt: control tokens are recognised in the template's text only.
  public func encode(_ parts: [PromptPart]) throws(EngineError) -> [Token] {
    var tokens: [Token] = []
    for part in parts where !part.text.isEmpty {
      tokens += try encode(part.text, control: part.isInput ? .asText : .recognised)
    }
    if let beginningOfText, tokens.first != beginningOfText { tokens.insert(beginningOfText, at: 0) }
    return tokens
  }
}
