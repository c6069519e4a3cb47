/// Messages to the prompt that a model was trained on.
public protocol ChatTemplate: Sendable {
  /// The template's own text (Jinja), where it has one; reasoning delimiters are looked for in it.
  var source: String? { get }

  /// The prompt for `messages`, up to where the assistant begins to write.
  func render(_ messages: [Message], variables: [String: TemplateVariable]) throws(EngineError) -> [PromptPart]
}

/// A piece of a prompt, with its origin: what a user wrote must never turn into control tokens.
public struct PromptPart: Sendable, Hashable {
  public var text: String
  /// Whether the text came from a message, rather than from the template.
  public var isInput: Bool

  public init(_ text: String, isInput: Bool) {
    self.text = text
    self.isInput = isInput
  }
}

/// A value for a template's own switches, such as Qwen3's `enable_thinking`.
public enum TemplateVariable: Sendable, Hashable, Codable {
  case flag(Bool)
  case text(String)
}

/// For base models, which know no turns: the messages one after the other, apart by a blank line.
public struct PlainTemplate: ChatTemplate {
  public var source: String? { nil }

  public init() {}

  public func render(_ messages: [Message], variables: [String: TemplateVariable]) throws(EngineError) -> [PromptPart] {
    messages.flatMap { [PromptPart($0.content, isInput: true), PromptPart("\n\n", isInput: false)] }
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
