public import TandemInference

/// How a family of models marks where its thinking begins and ends.
public struct ReasoningFormat: Sendable, Hashable {
  /// A name for flags and files.
  public var name: String
  /// The text that opens the thinking, with the newline that models write after it; nil for models that do not mark it.
  /// Such a model's whole turn counts as thinking, and the answer is extracted from it.
  public var opening: String?
  /// The text that closes the thinking; nil for models that do not mark it.
  public var closing: String?
  /// The text that follows `closing` if the end of thinking is forced.
  public var transition: String

  /// A format by its delimiters.
  public init(name: String, opening: String?, closing: String?, transition: String) {
    self.name = name
    self.opening = opening
    self.closing = closing
    self.transition = transition
  }

  /// - Parameter newlines: What models of this family write after the opening.
  private init(name: String, _ markers: ReasoningMarkers, newlines: String) {
    self.init(name: name, opening: markers.opening + newlines, closing: markers.closing, transition: "\n\n")
  }

  /// DeepSeek-R1, its distillations, QwQ and Qwen3.
  public static let think = Self(name: "think", .think, newlines: "\n")
  /// s1 (arXiv:2501.19393): turns of the chat template as delimiters.
  public static let s1 = Self(
    name: "s1", opening: "<|im_start|>think\n", closing: "<|im_start|>answer", transition: "\n")
  /// Magistral.
  public static let bracketed = Self(name: "bracketed", .bracketed, newlines: "")
  /// Sky-T1 and OpenThinker.
  public static let sky = Self(name: "sky", .sky, newlines: "\n\n")
  /// Instruction-tuned and base models.
  public static let unmarked = Self(name: "none", opening: nil, closing: nil, transition: "")

  /// All formats.
  public static let known = [think, s1, bracketed, sky, unmarked]

  /// The known format called `name`. Throws `invalidSetting` with the names that there are.
  public static func named(_ name: String) throws(ReasoningError) -> Self {
    guard let format = known.first(where: { $0.name == name }) else {
      let names = known.map(\.name).joined(separator: ", ")
      throw .invalidSetting(name: "thinkingFormat", reason: "can be \(names), not \(name)")
    }
    return format
  }

  /// The format of a model, from its template and its vocabulary.
  ///
  /// Delimiters count if the template spells them, or if each is one token: models without them spell "</think>" in
  /// pieces. s1's consist of ChatML's own tokens, which many models have, so they are only found in a template.
  public static func detect(template: any ChatTemplate, tokenizer: any Tokenizer) -> Self {
    for format in known {
      guard let opening = format.opening?.trimmingNewlines, let closing = format.closing else { continue }
      if let source = template.source, source.contains(opening) || source.contains(closing) { return format }
      if isOneToken(opening, tokenizer) && isOneToken(closing, tokenizer) { return format }
    }
    return .unmarked
  }

  private static func isOneToken(_ text: String, _ tokenizer: any Tokenizer) -> Bool {
    (try? tokenizer.encode(text, control: .recognised).count) == 1
  }

  /// The text to add to a rendered prompt so that the model thinks; empty if the template has opened the thinking.
  func primer(after prompt: String) -> String {
    guard let opening else { return "" }
    return prompt.trimmingTrailingNewlines.hasSuffix(opening.trimmingNewlines) ? "" : opening
  }

  /// A rendered prompt after which the model thinks.
  func primed(_ parts: [PromptPart]) -> [PromptPart] {
    // Only the template can open the thinking: "<think>" in a question is plain text.
    let end = parts.reversed().prefix { !$0.isInput }.reversed().map(\.text).joined()
    return parts + [PromptPart(primer(after: end), isInput: false)]
  }
}

/// In files a known format is its name; one of your own can't be written.
extension ReasoningFormat: Codable {
  public init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    do { self = try .named(value.decode(String.self)) } catch let error as ReasoningError {
      throw DecodingError.dataCorruptedError(in: value, debugDescription: "\(error)")
    }
  }

  public func encode(to encoder: any Encoder) throws {
    guard Self.known.contains(self) else {
      let reason = "only known formats have a name in files, and \(name) is none of them"
      throw EncodingError.invalidValue(self, .init(codingPath: encoder.codingPath, debugDescription: reason))
    }
    var value = encoder.singleValueContainer()
    try value.encode(name)
  }
}

extension String {
  var trimmingWhitespace: String {
    var text = self[...]
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }

  var trimmingNewlines: String {
    String(trimmingTrailingNewlines.drop(while: \.isNewline))
  }

  var trimmingTrailingNewlines: String {
    var text = self[...]
    while text.last?.isNewline == true { text.removeLast() }
    return String(text)
  }
}
