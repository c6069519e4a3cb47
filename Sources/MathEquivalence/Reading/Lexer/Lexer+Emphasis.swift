extension Lexer {
  /// A sign of multiplication, two of which are a power, unless they mark emphasis as in Markdown: `**9**`.
  mutating func lexAsterisk() {
    let width = peek() == "*" ? 2 : 1
    position += width - 1
    let isOpening = !endsOperand && tokens.last?.kind != .mark("^")
    let isClosing = !startsOperand && (width == 2 || emphasis > 0)
    if isOpening || isClosing {
      emphasis += isOpening ? 1 : -1
      spaced = true
    } else {
      emit(.mark(width == 2 ? "^" : "*"))
    }
  }

  /// Whether what was read last can be multiplied or raised to a power.
  private var endsOperand: Bool {
    switch tokens.last?.kind {
    case .number, .letter, .word: true
    case .mark(let mark): [")", "]", "}", "\\}", "|", "!", "'", "%", "°", "⌋", "⌉"].contains(mark)
    default: false
    }
  }

  /// Whether something that can be an exponent follows.
  private var startsOperand: Bool {
    guard let next = characters[position...].first(where: { $0 != " " }) else { return false }
    return next.isDigit || next.isLatinLetter || next.isGreek || "({-+\\".unicodeScalars.contains(next)
  }
}
