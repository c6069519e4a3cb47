public import TandemInference

/// The vocabulary and the chat template of a GGUF file, without its weights: for a model that a server runs.
public struct LlamaVocabulary: Sendable {
  /// Text to tokens and back.
  public let tokenizer: any Tokenizer
  /// How messages become a prompt; plain for a base model.
  public let template: any ChatTemplate
  /// What the file says of itself.
  public let file: GGUFFile

  /// Reads the vocabulary of the file at `path`, which may hold nothing else.
  ///
  /// Throws `modelNotFound`, `modelUnreadable`, `modelInvalid` or `templateFailed`. Takes a while for a large vocabulary.
  public init(path: String) throws(EngineError) {
    file = try GGUFFile(path: path)
    let weights = try LlamaWeights(path: path, gpuLayers: 0, vocabularyOnly: true)
    let tokenizer = LlamaTokenizer(weights)
    template = try weights.template(tokenizer)
    self.tokenizer = tokenizer
  }
}

extension LlamaWeights {
  /// The model's own template; a plain one if it has none.
  func template(_ tokenizer: LlamaTokenizer) throws(EngineError) -> any ChatTemplate {
    guard let source = chatTemplate else { return PlainTemplate() }
    return try JinjaTemplate(source: source, beginningOfText: tokenizer.beginningName, endOfText: tokenizer.endName)
  }
}
