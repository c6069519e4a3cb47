import TandemInference

/// Whether a server's vocabulary and template are the local ones. It is asked only to compare: text becomes tokens here.
extension Probe {
  /// Everything that tokenizers differ in.
  static let text =
    "Use 3, 17 and 2048 to make 1.5e-3.\n\n\tif x == \"y\":\r\n        return  x\n\nWait — naïve café, 数学は楽しい, Привет, "
    + "🙂👩‍🔬 = 100%! <think> a </think> <|im_end|> [INST] \\boxed{7} it's I'LL"

  private struct TokenizeVLLM: Encodable {
    var model: String
    var prompt: String
    var addSpecialTokens = false
  }

  private struct TokenizeLlama: Encodable {
    var content: String
    var addSpecial = false
    var parseSpecial = true
  }

  private struct Tokenized: Decodable { var tokens: [Token] }

  /// The tokens of a text, by the local vocabulary or by the server's.
  func tokens(of text: String, _ model: String, _ dialect: any Dialect) async throws -> [Token] {
    if let vocabulary { return try vocabulary.tokenizer.encode(text, control: .asText) }
    return try await theirTokens(of: text, model, dialect)
  }

  private func theirTokens(of text: String, _ model: String, _ dialect: any Dialect) async throws -> [Token] {
    let request =
      dialect is LlamaServerDialect
      ? try RemoteRequest(path: "/tokenize", body: TokenizeLlama(content: text))
      : try RemoteRequest(path: "/tokenize", body: TokenizeVLLM(model: model, prompt: text))
    return try await read(Tokenized.self, request).tokens
  }

  /// Throws `invalidParameter` for a vocabulary that is another one.
  func check(
    _ vocabulary: RemoteVocabulary, of model: String, _ dialect: any Dialect
  ) async throws -> ServerReport.Check {
    let theirs: [Token]
    do {
      theirs = try await theirTokens(of: Self.text, model, dialect)
    } catch EngineError.refused(_, status: 404, _) { return .unchecked }
    let ours = try vocabulary.tokenizer.encode(Self.text, control: .recognised)
    guard ours == theirs else {
      let place = ours.commonPrefixCount(with: theirs)
      throw EngineError.invalidParameter(
        name: "tokenizer",
        reason: "is not the one of \(model) at \(transport.server): the tokens of a test text differ from number "
          + "\(place + 1) on. Give a GGUF file with that model's vocabulary, with or without weights")
    }
    return .confirmed
  }

  // MARK: - The template

  private struct Turn: Encodable {
    var role = "user"
    var content: String
  }

  private struct RenderVLLM: Encodable {
    var model: String
    var messages: [Turn]
    var addGenerationPrompt = true
  }

  private struct RenderLlama: Encodable { var messages: [Turn] }

  private struct Rendered: Decodable { var prompt: String }

  /// Whether the server renders a user's message as it is rendered here. A server that can't is no error.
  func check(
    _ template: any ChatTemplate, _ tokenizer: any Tokenizer, of model: String, _ dialect: any Dialect
  ) async -> ServerReport.Check {
    let turn = Turn(content: "Two and two make what?")
    do {
      var ours = try tokenizer.encode(template.render([Message(.user, turn.content)], variables: [:]))
      var theirs: [Token]
      if dialect is LlamaServerDialect {
        let request = try RemoteRequest(path: "/apply-template", body: RenderLlama(messages: [turn]))
        theirs = try tokenizer.encode(try await read(Rendered.self, request).prompt, control: .recognised)
      } else {
        let request = try RemoteRequest(path: "/tokenize", body: RenderVLLM(model: model, messages: [turn]))
        theirs = try await read(Tokenized.self, request).tokens
      }
      // Some templates write the beginning of the text, and some leave it to the tokenizer.
      if let begin = tokenizer.beginningOfText {
        if ours.first == begin { ours.removeFirst() }
        if theirs.first == begin { theirs.removeFirst() }
      }
      return ours == theirs ? .confirmed : .differs
    } catch { return .unchecked }
  }
}
