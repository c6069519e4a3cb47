import CLlama
import TandemInference

/// A loaded model file: weights, vocabulary and metadata. Never changes, so threads share it freely.
final class LlamaWeights: @unchecked Sendable {
  // Sendable although it holds a pointer: llama.cpp's model functions only read, and `deinit` runs after all readers.
  let model: OpaquePointer
  let vocabulary: OpaquePointer
  let path: String

  /// - Parameter vocabularyOnly: Leaves the weights in the file: there is nothing to run then.
  ///
  /// Throws `modelNotFound`, `modelUnreadable` or `modelInvalid`.
  init(path: String, gpuLayers: Int, vocabularyOnly: Bool = false) throws(EngineError) {
    LlamaBackend.start()
    _ = try GGUFFile.checkReadable(path)
    var parameters = llama_model_default_params()
    parameters.load_mode = LLAMA_LOAD_MODE_MMAP
    parameters.n_gpu_layers = Int32(clamping: gpuLayers)
    parameters.vocab_only = vocabularyOnly
    _ = LlamaBackend.takeError()
    guard let model = llama_model_load_from_file(path, parameters) else {
      throw .modelInvalid(path: path, reason: LlamaBackend.takeError() ?? "llama.cpp could not load it")
    }
    guard let vocabulary = llama_model_get_vocab(model), llama_vocab_n_tokens(vocabulary) > 0 else {
      llama_model_free(model)
      throw .modelInvalid(path: path, reason: "it has no vocabulary")
    }
    guard llama_model_has_decoder(model), !llama_model_has_encoder(model), !llama_model_is_diffusion(model) else {
      llama_model_free(model)
      throw .modelInvalid(path: path, reason: "it is not a decoder-only language model")
    }
    self.model = model
    self.vocabulary = vocabulary
    self.path = path
    missingTokens = (0..<llama_vocab_n_tokens(vocabulary)).filter { id in
      llama_vocab_get_attr(vocabulary, id).rawValue & LLAMA_TOKEN_ATTR_UNUSED.rawValue != 0
    }.map { Int($0) }
  }

  deinit { llama_model_free(model) }

  var vocabularySize: Int { Int(llama_vocab_n_tokens(vocabulary)) }
  var embeddingSize: Int { Int(llama_model_n_embd(model)) }
  var layerCount: Int { Int(llama_model_n_layer(model)) }
  /// Whether a sequence's state is folded into one, wholly or in some layers, so that no part of it can be dropped.
  var isRecurrent: Bool { llama_model_is_recurrent(model) || llama_model_is_hybrid(model) }
  var trainedContext: Int { Int(llama_model_n_ctx_train(model)) }

  /// The model's own template; an empty one is none.
  var chatTemplate: String? {
    llama_model_chat_template(model, nil).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// Tokens that no text has: rows that pad the vocabulary to a round number. They are never sampled.
  let missingTokens: [Int]

  /// All tokens, those that do not exist included.
  var tokens: some Sequence<Token> { (0..<llama_vocab_n_tokens(vocabulary)).lazy.map(Token.init(rawValue:)) }

  /// Whether the vocabulary gives `token` this attribute.
  func has(_ attribute: llama_token_attr, _ token: Token) -> Bool {
    llama_vocab_get_attr(vocabulary, token.rawValue).rawValue & attribute.rawValue != 0
  }

  /// The bytes of a token; of a control token only if it is `special`.
  func piece(_ token: Token, special: Bool) -> [UInt8] {
    // llama.cpp looks tokens up without a bounds check of its own in some vocabularies.
    guard (0..<vocabularySize).contains(Int(token.rawValue)) else { return [] }
    var buffer = [CChar](repeating: 0, count: 48)
    var length = llama_token_to_piece(vocabulary, token.rawValue, &buffer, Int32(buffer.count), 0, special)
    if length < 0 {
      buffer = [CChar](repeating: 0, count: Int(-length))
      length = llama_token_to_piece(vocabulary, token.rawValue, &buffer, Int32(buffer.count), 0, special)
    }
    return buffer.prefix(Int(max(length, 0))).map(UInt8.init(bitPattern:))
  }
}
