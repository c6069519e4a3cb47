public import TandemInference

/// How a family of models marks where its thinking begins and ends.
public struct ReasoningFormat: Sendable, Hashable {
  public var name: String
  /// What opens thinking, with the newline that models write after it; nil for models that do not mark it. Such a
  /// model's whole turn counts as thinking, and the answer is looked for in it.
  public var opening: String?
  public var closing: String?
  /// What follows `closing` when the end of thinking is forced.
  public var transition: String

  public init(name: String, opening: String?, closing: String?, transition: String) {
    self.name = name
    self.opening = opening
    self.closing = closing
    self.transition = transition
  }

  /// DeepSeek-R1, its distillations, QwQ and Qwen3.
  public static let think = Self(name: "think", opening: "<think>\n", closing: "</think>", transition: "\n\n")
  /// s1 (arXiv:2501.19393): turns of the chat template as delimiters.
  public static let s1 = Self(
    name: "s1", opening: "<|im_start|>think\n", closing: "<|im_start|>answer", transition: "\n")
  /// Magistral.
  public static let bracketed = Self(name: "bracketed", opening: "[THINK]", closing: "[/THINK]", transition: "\n\n")
  /// Sky-T1 and OpenThinker.
  public static let sky = Self(
    name: "sky", opening: "<|begin_of_thought|>\n\n", closing: "<|end_of_thought|>", transition: "\n\n")
  /// Instruction-tuned and base models.
  public static let unmarked = Self(name: "none", opening: nil, closing: nil, transition: "")

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
  /// Delimiters count where the template spells them, or where each is one token: models without them spell "</think>"
  /// in pieces. s1's are made of ChatML's own tokens, which many models have, so they are only found in a template.
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

  /// What to add to a rendered prompt so that the model is thinking: nothing where the template has opened it already.
  func primer(after prompt: String) -> String {
    guard let opening else { return "" }
    return prompt.trimmingTrailingNewlines.hasSuffix(opening.trimmingNewlines) ? "" : opening
  }

  /// A rendered prompt after which the model is thinking.
  func primed(_ parts: [PromptPart]) -> [PromptPart] {
    // Only the template can open the thinking: "<think>" in a question is text.
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
