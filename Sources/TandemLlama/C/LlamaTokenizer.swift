import CLlama
public import TandemInference

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The vocabulary of a GGUF file.
public struct LlamaTokenizer: Tokenizer {
  private let weights: LlamaWeights
  private let markers: MarkerTable
  /// Its identity.
  public let vocabulary: Vocabulary
  /// The token that a prompt begins with, if the model needs one.
  public let beginningOfText: Token?

  init(_ weights: LlamaWeights) {
    self.weights = weights
    markers = MarkerTable(weights)
    vocabulary = Self.identify(weights)
    let begin = llama_vocab_bos(weights.vocabulary)
    beginningOfText = llama_vocab_get_add_bos(weights.vocabulary) && begin >= 0 ? Token(rawValue: begin) : nil
  }

  /// The tokens of `text`.
  ///
  /// With `.asText` no token is a control token or any other that stands for a marker, whatever type the file gives it:
  /// llama.cpp alone keeps only control tokens apart, and "</think>" is a user-defined token in most vocabularies.
  public func encode(_ text: String, control: ControlTokens) throws(EngineError) -> [Token] {
    let tokens = try tokenize(text, parsesControl: control == .recognised)
    guard control == .asText, tokens.contains(where: markers.contains) else { return tokens }
    return tokens.flatMap { markers.contains($0) ? markers.spelling(of: $0) : [$0] }
  }

  private func tokenize(_ text: String, parsesControl: Bool) throws(EngineError) -> [Token] {
    let bytes = Array(text.utf8)
    guard bytes.count < Int(Int32.max) / 2 else {
      throw .invalidParameter(name: "text", reason: "must be below 1 GB, not \(bytes.count) bytes")
    }
    var tokens = [llama_token](repeating: 0, count: bytes.count + 8)
    let count = bytes.withUnsafeBytes { buffer in
      llama_tokenize(
        weights.vocabulary, buffer.bindMemory(to: CChar.self).baseAddress, Int32(bytes.count), &tokens,
        Int32(tokens.count), false, parsesControl)
    }
    guard count >= 0 else { throw .invalidParameter(name: "text", reason: "could not be tokenised") }
    return tokens.prefix(Int(count)).map(Token.init(rawValue:))
  }

  /// What `token` is written as, control tokens too.
  public func spelling(of token: Token) -> String {
    String(decoding: weights.piece(token, special: true), as: UTF8.self)
  }

  /// The bytes that `token` stands for; none for a control token.
  public func bytes(of token: Token) -> [UInt8] { weights.piece(token, special: false) }

  /// Whether `token` ends a turn or the text.
  public func isEndOfGeneration(_ token: Token) -> Bool { llama_vocab_is_eog(weights.vocabulary, token.rawValue) }

  /// The name of a control token ("<|im_end|>"), or the text of any other.
  func name(of token: Token) -> String { String(decoding: weights.piece(token, special: true), as: UTF8.self) }

  var beginningName: String { name(ofSpecial: llama_vocab_bos(weights.vocabulary)) }
  var endName: String { name(ofSpecial: llama_vocab_eos(weights.vocabulary)) }

  private func name(ofSpecial id: llama_token) -> String { id < 0 ? "" : name(of: Token(rawValue: id)) }

  private static func identify(_ weights: LlamaWeights) -> Vocabulary {
    var fingerprint = Fingerprint()
    for id in 0..<Int32(weights.vocabularySize) {
      let attributes = llama_vocab_get_attr(weights.vocabulary, id)
      guard attributes.rawValue & LLAMA_TOKEN_ATTR_UNUSED.rawValue == 0 else { continue }
      withUnsafeBytes(of: id.bigEndian) { fingerprint.combine($0) }
      fingerprint.combine(UInt8(llama_vocab_is_eog(weights.vocabulary, id) ? 1 : 0))
      guard let text = llama_vocab_get_text(weights.vocabulary, id) else { continue }
      fingerprint.combine(UnsafeRawBufferPointer(start: text, count: strlen(text)))
    }
    return Vocabulary(size: weights.vocabularySize, fingerprint: fingerprint.value)
  }
}
