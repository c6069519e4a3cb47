import CLlama
public import TandemInference

/// The vocabulary of a GGUF file.
public struct LlamaTokenizer: Tokenizer {
  private let weights: LlamaWeights
  public let vocabulary: Vocabulary
  public let beginningOfText: Token?

  init(_ weights: LlamaWeights) {
    self.weights = weights
    vocabulary = Self.identify(weights)
    let begin = llama_vocab_bos(weights.vocabulary)
    beginningOfText = llama_vocab_get_add_bos(weights.vocabulary) && begin >= 0 ? Token(rawValue: begin) : nil
  }

  public func encode(_ text: String, control: ControlTokens) throws(EngineError) -> [Token] {
    let bytes = Array(text.utf8)
    guard bytes.count < Int(Int32.max) / 2 else {
      throw .invalidParameter(name: "text", reason: "must be below 1 GB, not \(bytes.count) bytes")
    }
    var tokens = [llama_token](repeating: 0, count: bytes.count + 8)
    let count = bytes.withUnsafeBytes { buffer in
      llama_tokenize(
        weights.vocabulary, buffer.bindMemory(to: CChar.self).baseAddress, Int32(bytes.count), &tokens,
        Int32(tokens.count), false, control == .recognised)
    }
    guard count >= 0 else { throw .invalidParameter(name: "text", reason: "could not be tokenised") }
    return tokens.prefix(Int(count)).map(Token.init(rawValue:))
  }

  public func bytes(of token: Token) -> [UInt8] { piece(token, special: false) }

  public func isEndOfGeneration(_ token: Token) -> Bool { llama_vocab_is_eog(weights.vocabulary, token.rawValue) }

  /// The name of a control token ("<|im_end|>"), or the text of any other.
  func name(of token: Token) -> String { String(decoding: piece(token, special: true), as: UTF8.self) }

  var beginningName: String { name(ofSpecial: llama_vocab_bos(weights.vocabulary)) }
  var endName: String { name(ofSpecial: llama_vocab_eos(weights.vocabulary)) }

  private func name(ofSpecial id: llama_token) -> String { id < 0 ? "" : name(of: Token(rawValue: id)) }

  private func piece(_ token: Token, special: Bool) -> [UInt8] {
    // llama.cpp looks tokens up without a bounds check of its own in some vocabularies.
    guard (0..<vocabulary.size).contains(Int(token.rawValue)) else { return [] }
    var buffer = [CChar](repeating: 0, count: 48)
    var length = llama_token_to_piece(weights.vocabulary, token.rawValue, &buffer, Int32(buffer.count), 0, special)
    if length < 0 {
      buffer = [CChar](repeating: 0, count: Int(-length))
      length = llama_token_to_piece(weights.vocabulary, token.rawValue, &buffer, Int32(buffer.count), 0, special)
    }
    return buffer.prefix(Int(max(length, 0))).map(UInt8.init(bitPattern:))
  }

  private static func identify(_ weights: LlamaWeights) -> Vocabulary {
    var fingerprint = Fingerprint()
    for id in 0..<Int32(weights.vocabularySize) {
      let attributes = llama_vocab_get_attr(weights.vocabulary, id)
      guard attributes.rawValue & LLAMA_TOKEN_ATTR_UNUSED.rawValue == 0 else { continue }
      fingerprint.combine(id.bigEndianBytes)
      fingerprint.combine(UInt8(llama_vocab_is_eog(weights.vocabulary, id) ? 1 : 0))
      guard let text = llama_vocab_get_text(weights.vocabulary, id) else { continue }
      var end = text
      while end.pointee != 0 { end += 1 }
      fingerprint.combine(UnsafeBufferPointer(start: text, count: end - text).lazy.map(UInt8.init(bitPattern:)))
    }
    return Vocabulary(size: weights.vocabularySize, fingerprint: fingerprint.value)
  }
}

extension Int32 {
  fileprivate var bigEndianBytes: [UInt8] { withUnsafeBytes(of: bigEndian) { Array($0) } }
}
