/// The tokens of a vocabulary that are nothing but text, by their bytes: what a marker is spelled with in a text that
/// only mentions it.
package struct OrdinaryTokens: Sendable {
  private let tokens: [[UInt8]: Token]

  /// - Parameter tokens: Tokens and their bytes; of equal bytes the first counts.
  package init(_ tokens: some Sequence<(bytes: [UInt8], token: Token)>) {
    self.tokens = Dictionary(tokens.lazy.map { ($0.bytes, $0.token) }, uniquingKeysWith: { first, _ in first })
  }

  /// The tokens of `text`, each as long as it can be. Bytes without a token, which no vocabulary that is loaded has, are
  /// left out.
  package func spelling(of text: [UInt8]) -> [Token] {
    var (found, rest) = ([Token](), text[...])
    while !rest.isEmpty {
      let length = (1...rest.count).last { tokens[Array(rest.prefix($0))] != nil }
      if let length, let token = tokens[Array(rest.prefix(length))] { found.append(token) }
      rest.removeFirst(length ?? 1)
    }
    return found
  }
}

extension ReasoningMarkers {
  /// Whether a user-defined token of this text structures a prompt. White space and single characters are ordinary text.
  package static func isMarker(userDefined text: [UInt8]) -> Bool {
    let characters = String(decoding: text, as: UTF8.self)
    return characters.count > 1 && !characters.allSatisfy(\.isWhitespace)
  }

  /// Whether a token of this text is a marker in a vocabulary that has it among its ordinary tokens.
  package static func isMarker(ordinary text: [UInt8]) -> Bool { texts.contains { text.elementsEqual($0.utf8) } }
}
