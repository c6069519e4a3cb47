/// Cuts an answer, LaTeX or plain text or a mixture, into tokens.
///
/// All spellings of one thing become one token: `\leqslant`, `\le`, `<=` and `≤` are the mark `≤`; `\left`, `\big`
/// and colour leave nothing behind.
struct Lexer {
  let characters: [Unicode.Scalar]
  let commas: CommaReading
  let limit: Int
  var position = 0
  var tokens: [Token] = []
  var spaced = false
  /// The environments that are open, in which `\\` ends a row.
  var environments: [Environment] = []
  /// Whether another reading of a comma between digits would give other tokens.
  var hasAmbiguousComma = false
  /// Whether a comma could be the decimal point.
  var hasDecimalComma = false

  /// Whether it has brackets, within which a comma separates.
  var hasBrackets: Bool {
    tokens.contains { token in
      if case .mark(let mark) = token.kind { ["(", "[", "\\{"].contains(mark) } else { false }
    }
  }

  /// The tokens of the text; nil when there are too many.
  static func tokens(of text: String, commas: CommaReading, limits: Limits = .standard) -> Lexer? {
    let characters = Array(text.unicodeScalars)
    guard characters.count <= limits.characters else { return nil }
    var lexer = Lexer(characters: unescaped(characters), commas: commas, limit: limits.tokens)
    while lexer.position < lexer.characters.count {
      lexer.next()
      if lexer.tokens.count > limits.tokens { return nil }
    }
    lexer.dropUnmatchedBraces()
    return lexer
  }

  init(characters: [Unicode.Scalar], commas: CommaReading, limit: Int) {
    self.characters = characters
    self.commas = commas
    self.limit = limit
  }

  func peek(_ offset: Int = 0) -> Unicode.Scalar? {
    position + offset < characters.count ? characters[position + offset] : nil
  }

  mutating func emit(_ kind: Token.Kind) {
    tokens.append(Token(kind: kind, spaced: spaced))
    spaced = false
  }

  mutating func next() {
    guard let character = peek() else { return }
    if character.isDigit || (character == "." && peek(1)?.isDigit == true) {
      lexNumber()
    } else if character == "\\" {
      lexCommand()
    } else if character.isLatinLetter {
      lexLetters()
    } else if let value = character.circledDigit {
      position += 1
      if case .word(let last)? = tokens.last?.kind, last.hasPrefix("#") { emit(.mark(",")) }
      emit(.word("#\(value)"))
    } else if let value = character.superscriptDigit {
      position += 1
      emit(.mark("^"))
      emit(.number(WrittenNumber(whole: value)))
    } else if let value = character.subscriptDigit {
      position += 1
      emit(.mark("_"))
      emit(.number(WrittenNumber(whole: value)))
    } else {
      lexCharacter(character)
    }
  }

  /// Operators, brackets and the letters of other alphabets.
  private mutating func lexCharacter(_ character: Unicode.Scalar) {
    position += 1
    switch character {
    case "\u{8}", "\u{C}", "\t", "\r":
      // A command whose backslash and first letter an escape has swallowed: "\text" became tab and "ext".
      if let command = Self.brokenCommand(character, before: characters[position...]) {
        position += command.count - 1
        lexCommand(named: command)
      } else {
        spaced = true
      }
    case " ", "\n", "\u{A0}", "~", "\u{2009}", "\u{202F}", "\u{3000}", "$", "\u{200B}", "\u{2061}": spaced = true
    case "*":
      if peek() == "*" { position += 1; emit(.mark("^")) } else { emit(.mark("*")) }
    case "<" where lexMarkup(): break
    case "<", ">", "!", "=":
      if peek() == "=" {
        position += 1
        emit(.mark(["<": "≤", ">": "≥", "!": "≠", "=": "="][character] ?? "="))
      } else {
        emit(.mark(String(character)))
      }
    case "-":
      if peek() == ">" { position += 1; emit(.mark("→")) } else { emit(.mark("-")) }
    case "&" where environments.last == .lines: spaced = true
    case "+", "/", "^", "_", ",", ";", ":", "%", "|", "&", "(", ")", "[", "]", "{", "}", "'":
      emit(.mark(String(character)))
    case ".", "?", "\"", "`", "“", "”", "#", "€", "£", "¥", "₹": spaced = true
    case "∞": emit(.letter("∞"))
    case "√": emit(.command("sqrt"))
    case "∛": emit(.command("cbrt"))
    default:
      if let (top, bottom) = Vocabulary.fractions[character] {
        emit(.command("frac"))
        emit(.number(WrittenNumber(whole: top)))
        emit(.number(WrittenNumber(whole: bottom)))
      } else if let mark = Vocabulary.characters[character] {
        emit(.mark(mark))
      } else if ("α"..."ω").contains(character) || ("Α"..."Ω").contains(character) || character == "ϕ" {
        emit(.letter(character == "ϕ" ? "φ" : String(character)))
      } else {
        lexForeignWord(from: character)
      }
    }
  }

  private mutating func lexForeignWord(from first: Unicode.Scalar) {
    var word = String(first)
    while let character = peek(), character.properties.isAlphabetic, !character.isGreek {
      word.unicodeScalars.append(character)
      position += 1
    }
    emit(.word(word))
  }
}

extension Unicode.Scalar {
  var isDigit: Bool { value >= 48 && value <= 57 }
  var isLatinLetter: Bool { (value >= 65 && value <= 90) || (value >= 97 && value <= 122) }
  var isGreek: Bool { value >= 0x370 && value <= 0x3FF }

  var circledDigit: Int? { value >= 0x2460 && value <= 0x2473 ? Int(value) - 0x245F : nil }

  var superscriptDigit: String? {
    let digits: [Unicode.Scalar: String] = [
      "⁰": "0", "¹": "1", "²": "2", "³": "3", "⁴": "4", "⁵": "5", "⁶": "6", "⁷": "7", "⁸": "8", "⁹": "9",
    ]
    return value > 127 ? digits[self] : nil
  }

  var subscriptDigit: String? { value >= 0x2080 && value <= 0x2089 ? String(value - 0x2080) : nil }
}
