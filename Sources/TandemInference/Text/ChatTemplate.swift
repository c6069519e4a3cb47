/// Messages to the prompt that a model was trained on.
public protocol ChatTemplate: Sendable {
  /// The template's own text (Jinja), if it has one; reasoning delimiters are looked for in it.
  var source: String? { get }

  /// The prompt for `messages`, up to where the assistant begins to write.
  func render(_ messages: [Message], variables: [String: TemplateVariable]) throws(EngineError) -> [PromptPart]
}

extension ChatTemplate {
  /// The prompt for `messages`, as `render` makes it. Throws `templateFailed` if what the user wrote last is not in it.
  public func prompt(for messages: [Message], variables: [String: TemplateVariable] = [:]) throws(EngineError)
    -> [PromptPart]
  {
    let parts = try render(messages, variables: variables)
    // Templates trim what they print; anything else about white space is theirs too.
    func visible(_ text: String) -> String { text.filter { !$0.isWhitespace } }
    let question = visible(messages.last { $0.role == .user }?.content ?? "")
    guard question.isEmpty || visible(parts.map(\.text).joined()).contains(question) else {
      throw .templateFailed(reason: "it leaves out what the user wrote")
    }
    return parts
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

  /// The messages' contents, and nothing else.
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
