import TandemInference

/// Which tokens of a vocabulary end at a blank line, worked out once so that the decode loop handles no text.
struct BlankLineTable: Sendable {
  private enum Ending: UInt8 {
    case other
    /// A newline after something else.
    case newline
    /// Nothing but a newline: a blank line after a token that ends with one.
    case onlyNewline
    /// Two newlines or more.
    case blankLine
  }

  private let endings: [Ending]

  init(_ tokenizer: some Tokenizer) {
    let newline = UInt8(ascii: "\n")
    endings = (0..<Int32(tokenizer.vocabulary.size)).map { id in
      let bytes = tokenizer.bytes(of: Token(rawValue: id))
      guard bytes.last == newline else { return .other }
      return bytes.count == 1 ? .onlyNewline : bytes[bytes.count - 2] == newline ? .blankLine : .newline
    }
  }

  /// Whether a text that ends with `token`, after `previous`, ends at a blank line.
  func isAtBlankLine(_ token: Token, after previous: Token?) -> Bool {
    switch ending(of: token) {
    case .blankLine: true
    case .onlyNewline: previous.map { ending(of: $0) != .other } ?? false
    case .other, .newline: false
    }
  }

  /// Whether the first of `tokens` ends at a blank line, and how many in a row agree with it.
  func run(of tokens: ArraySlice<Token>, after previous: Token?) -> (isAtBlankLine: Bool, count: Int) {
    guard let first = tokens.first else { return (false, 0) }
    let isAtBlankLine = isAtBlankLine(first, after: previous)
    var (previous, count) = (first, 1)
    for token in tokens.dropFirst() {
      guard self.isAtBlankLine(token, after: previous) == isAtBlankLine else { break }
      (previous, count) = (token, count + 1)
    }
    return (isAtBlankLine, count)
  }

  private func ending(of token: Token) -> Ending {
    endings.indices.contains(Int(token.rawValue)) ? endings[Int(token.rawValue)] : .other
  }
}
