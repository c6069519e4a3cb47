/// Text to tokens and back, in one model's vocabulary.
///
/// Always in this process: an engine that runs elsewhere brings the vocabulary along. A server's own tokenizer can't take
/// its place, since it may turn a user's text into control tokens.
public protocol Tokenizer: Sendable {
  /// Which vocabulary this is: if two are equal, token ids mean the same to both models.
  var vocabulary: Vocabulary { get }

  /// The tokens of `text`.
  ///
  /// With `.asText`, text that spells a control token ("<|im_end|>") is tokenised as the characters it consists of, so
  /// that a user's message can't end its own turn.
  func encode(_ text: String, control: ControlTokens) throws(EngineError) -> [Token]

  /// The bytes that `token` stands for; empty for a control token. One token may hold half a UTF-8 character.
  func bytes(of token: Token) -> [UInt8]

  /// Whether `token` ends generation: an end of turn or of text.
  func isEndOfGeneration(_ token: Token) -> Bool

  /// The token that a prompt begins with, if the model needs one.
  var beginningOfText: Token? { get }

  /// What `token` is written as in a template, control tokens too.
  func spelling(of token: Token) -> String
}

/// What to do with text that spells a control token.
public enum ControlTokens: Sendable {
  /// It becomes the control token: for a template's own text only.
  case recognised
  /// It is text like any other.
  case asText
}

/// The identity of a vocabulary: its size, and a fingerprint of every token in use, special ones included.
///
/// Padding rows are left out of the fingerprint: R1-Distill 1.5B and 32B share a tokenizer, yet their embedding
/// matrices are padded to different heights.
public struct Vocabulary: Sendable, Hashable, Codable {
  /// Rows of the embedding matrix, padding included.
  public let size: Int
  /// Differs if any token does.
  public let fingerprint: UInt64

  /// The identity of a vocabulary.
  public init(size: Int, fingerprint: UInt64) {
    self.size = size
    self.fingerprint = fingerprint
  }

  /// Whether token ids of the one may be given to the other as they are.
  public func isInterchangeable(with other: Self) -> Bool { fingerprint == other.fingerprint }
}

extension Tokenizer {
  /// The token's text; empty for a control token.
  public func spelling(of token: Token) -> String { decode([token]) }

  /// The tokens that end generation.
  package var endTokens: [Token] {
    (0..<Int32(vocabulary.size)).map(Token.init(rawValue:)).filter(isEndOfGeneration)
  }

  /// The text of `tokens`, with broken UTF-8 replaced; control tokens leave none.
  public func decode(_ tokens: some Sequence<Token>) -> String {
    String(decoding: tokens.flatMap(bytes(of:)), as: UTF8.self)
  }
}
