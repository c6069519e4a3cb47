import CLlama
import Synchronization
import TandemInference

/// The tokens of a vocabulary that structure a prompt, and how to spell their text without them.
///
/// Those are all control tokens, tokens that end a generation, and user-defined tokens: "<think>" is one in most
/// vocabularies.
final class MarkerTable: Sendable {
  private let weights: LlamaWeights
  private let markers: Set<Token>
  /// The other tokens; collected when the first marker is spelled.
  private let ordinary = Mutex<OrdinaryTokens?>(nil)

  init(_ weights: LlamaWeights) {
    self.weights = weights
    markers = Set(weights.tokens.filter { Self.isMarker($0, weights) })
  }

  private static let firstBytes = Set(ReasoningMarkers.texts.compactMap(\.utf8.first).map(CChar.init(bitPattern:)))

  private static func isMarker(_ token: Token, _ weights: LlamaWeights) -> Bool {
    if weights.has(LLAMA_TOKEN_ATTR_CONTROL, token) || llama_vocab_is_eog(weights.vocabulary, token.rawValue) {
      return true
    }
    if weights.has(LLAMA_TOKEN_ATTR_USER_DEFINED, token) {
      return ReasoningMarkers.isMarker(userDefined: weights.piece(token, special: true))
    }
    // Markers are spelled in the file as they are in text, and there are too many tokens to compare all as strings.
    guard weights.has(LLAMA_TOKEN_ATTR_NORMAL, token),
      let text = llama_vocab_get_text(weights.vocabulary, token.rawValue), firstBytes.contains(text.pointee)
    else { return false }
    return ReasoningMarkers.isMarker(ordinary: Array(String(cString: text).utf8))
  }

  func contains(_ token: Token) -> Bool { markers.contains(token) }

  /// The text of a marker in ordinary tokens.
  func spelling(of marker: Token) -> [Token] {
    ordinary.withLock { ordinary in
      let tokens = ordinary ?? OrdinaryTokens(ordinaryTokens())
      ordinary = tokens
      return tokens.spelling(of: weights.piece(marker, special: true))
    }
  }

  private func ordinaryTokens() -> [(bytes: [UInt8], token: Token)] {
    weights.tokens.compactMap { token in
      let isText = weights.has(LLAMA_TOKEN_ATTR_NORMAL, token) || weights.has(LLAMA_TOKEN_ATTR_BYTE, token)
      guard isText, !markers.contains(token) else { return nil }
      let bytes = weights.piece(token, special: false)
      return bytes.isEmpty ? nil : (bytes, token)
    }
  }
}
