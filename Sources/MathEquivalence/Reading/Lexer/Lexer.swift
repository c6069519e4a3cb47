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

  /// For each text command that is open, how many braces were open before it.
  var texts: [Int] = []
  /// Asterisks of emphasis that are open.
  var emphasis = 0
  /// Braces that are open.
  var braces = 0

  /// Whether it has brackets, within which a comma separates.
  var hasBrackets: Bool {
    tokens.contains { token in
      if case .mark(let mark) = token.kind { ["(", "[", "\\{"].contains(mark) } else { false }
    }
  }

  /// The tokens of the text; nil when there are too many.
  static func tokens(of text: String, commas: CommaReading, limits: Limits = .standard) -> Lexer? {
    let characters = Characters.folded(text)
    guard characters.count <= limits.characters else { return nil }
    var lexer = Lexer(characters: withoutUnderlining(unescaped(characters)), commas: commas, limit: limits.tokens)
    while lexer.position < lexer.characters.count {
      lexer.next()
      if lexer.tokens.count > limits.tokens { return nil }
    }
    lexer.dropUnmatchedBraces()
    lexer.markUnits()
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

  func starts(with text: String, at start: Int) -> Bool {
    start <= characters.count && characters[start...].starts(with: text.unicodeScalars)
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
      texts.isEmpty ? lexLetters() : lexWord()
    } else if let value = character.circledDigit {
      position += 1
      if case .word(let last)? = tokens.last?.kind, last.hasPrefix("#") { emit(.mark(",")) }
      emit(.word("#\(value)"))
    } else if character.superscript != nil {
      lexScript("^", \.superscript)
    } else if character.subscripted != nil {
      lexScript("_", \.subscripted)
    } else {
      lexCharacter(character)
    }
  }

  /// Reads a number, by the rule that the search for the last number follows too.
  private mutating func lexNumber() {
    var reader = NumberReader(characters, at: position, commas: commas)
    let number = reader.number()
    position = reader.position
    hasAmbiguousComma = hasAmbiguousComma || reader.hasAmbiguousComma
    hasDecimalComma = hasDecimalComma || reader.hasDecimalComma
    emit(.number(number))
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
    case " ", "\n", "~", "$": spaced = true
    case "*": lexAsterisk()
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
    case "{", "}": lexBrace(character)
    case "_" where peek() == "_":
      position += 1
      spaced = true
    case "+", "/", "^", "_", ",", ";", ":", "%", "|", "&", "(", ")", "[", "]", "'":
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
      } else if ("α"..."ω").contains(character) || ("Α"..."Ω").contains(character) {
        emit(.letter(String(character)))
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
