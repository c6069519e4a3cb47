package import TandemInference

/// How a model reads conversations: its tokenizer and its chat template, the engine's own.
package struct ChatEncoding: Sendable {
  private let tokenizer: any Tokenizer
  private let template: any ChatTemplate
  /// Tokens that a document may have.
  package let contextSize: Int

  /// Throws `invalidOption` for a model without a chat template.
  package init(
    _ tokenizer: any Tokenizer, _ template: any ChatTemplate, contextSize: Int
  ) throws(TrainingError) {
    guard template.source != nil else {
      throw .invalidOption(
        name: "model", reason: "has no chat template, so there is no telling how it reads a conversation")
    }
    (self.tokenizer, self.template, self.contextSize) = (tokenizer, template, contextSize)
  }

  /// What the assistant's message at `index` teaches: the prompt as the model will see it is read, the message and
  /// the end of its turn are learnt.
  ///
  /// If the template has opened the thinking already, the message must begin by opening it too.
  func document(_ messages: [Message], answering index: Int) throws -> TrainingDocument {
    let parts = try template.render(Array(messages[..<index]), variables: [:])
    let content = try Self.continuation(of: parts, messages[index].content)
    let ending = try ending(Array(messages[...index]))
    return try document(parts, learning: encode(content) + ending)
  }

  /// A question and what the model is to think, up to the end of its thinking: SCoT's draft alignment
  /// (arXiv:2504.19095, Eq. 2), which teaches neither answer nor end of turn.
  package func document(_ messages: [Message], thinking chain: String) throws -> TrainingDocument {
    let parts = try template.render(messages, variables: [:])
    let text = try Self.continuation(of: parts, chain)
    return try document(parts, learning: encode(text))
  }

  /// A prompt in the engine's own words, and one token after it: one of `labels`, whichever the model finds likeliest.
  ///
  /// - Parameter others: What the labels are told from; none means all of the vocabulary.
  package func document(
    _ prompt: [PromptPart], anyOf labels: [String], among others: [String] = []
  ) throws -> TrainingDocument {
    let tokens = try labels.map(token(of:))
    let document = try document(prompt, learning: Array(tokens.prefix(1)))
    return TrainingDocument(
      tokens: document.tokens, weights: document.weights, alternatives: Array(tokens.dropFirst()),
      candidates: try others.map(token(of:)))
  }

  private func token(of label: String) throws -> Token {
    let tokens = try tokenizer.encode(label, control: .asText)
    guard tokens.count == 1 else {
      throw TrainingError.invalidOption(
        name: "label \(label)", reason: "is \(tokens.count) tokens in this model's vocabulary, and must be one")
    }
    return tokens[0]
  }

  private func document(_ prompt: [PromptPart], learning tokens: [Token]) throws -> TrainingDocument {
    let read = try tokenizer.encode(prompt)
    let document = TrainingDocument(tokens: read + tokens, promptCount: read.count)
    guard document.tokens.count <= contextSize else { throw TooLong(count: document.tokens.count) }
    return document
  }

  /// A document that does not fit into the context.
  package struct TooLong: Error {
    package let count: Int
  }

  /// `content` without the opening of its thinking if the prompt ends with that.
  private static func continuation(of prompt: [PromptPart], _ content: String) throws(TrainingError) -> String {
    let end = prompt.last.map { $0.isInput ? "" : $0.text } ?? ""
    guard let opening = openings.first(where: { end.trimmed.hasSuffix($0) }) else { return content }
    guard content.hasPrefix(opening) else {
      throw .invalidOption(
        name: "message", reason: "must begin with \(opening), because the template opens the thinking there")
    }
    let whitespace = end.reversed().prefix { $0.isWhitespace }.reversed()
    let rest = content.dropFirst(opening.count)
    return rest.starts(with: whitespace) ? String(rest.dropFirst(whitespace.count)) : String(rest)
  }

  /// The tokens of a message: where its thinking begins and ends is marked by control tokens, all else is text.
  private func encode(_ content: String) throws -> [Token] {
    var (tokens, rest) = ([Token](), content[...])
    while let (mark, range) = Self.firstMark(in: rest) {
      tokens += try tokenizer.encode(String(rest[..<range.lowerBound]), control: .asText)
      tokens += try tokenizer.encode(mark, control: .recognised)
      rest = rest[range.upperBound...]
    }
    return try tokens + tokenizer.encode(String(rest), control: .asText)
  }

  private static func firstMark(in text: Substring) -> (String, Range<String.Index>)? {
    (openings + closings).compactMap { mark in text.firstRange(of: mark).map { (mark, $0) } }
      .min { $0.1.lowerBound < $1.1.lowerBound }
  }

  private static let openings = ReasoningMarkers.known.map(\.opening)
  private static let closings = ReasoningMarkers.known.map(\.closing)

  /// What the template writes after the assistant's message, up to the first token that ends generation.
  private func ending(_ messages: [Message]) throws -> [Token] {
    let rendered = try template.render(messages, variables: [:])
    if let last = rendered.lastIndex(where: { $0.isInput }), last + 1 < rendered.count {
      let tokens = try tokenizer.encode(rendered[last + 1].text, control: .recognised)
      if let end = tokens.firstIndex(where: tokenizer.isEndOfGeneration) { return Array(tokens[...end]) }
    }
    throw TrainingError.invalidOption(
      name: "template", reason: "must end the assistant's turn with a token that ends generation, and does not")
  }
}

extension String {
  fileprivate var trimmed: Substring {
    var text = self[...]
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }
}
