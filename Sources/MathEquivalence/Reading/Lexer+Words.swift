extension Lexer {
  /// Reads the argument of a text command: words, but a function's name or a single letter stays mathematics.
  mutating func lexText() {
    guard let text = braced() else {
      spaced = true
      return
    }
    let inner = Lexer.words(of: text, limit: limit)
    for token in inner { tokens.append(token) }
    spaced = true
  }

  private static func words(of text: String, limit: Int) -> [Token] {
    var lexer = Lexer(characters: Array(text.unicodeScalars), commas: .thousands, limit: limit)
    let isLone = text.unicodeScalars.allSatisfy(\.isLatinLetter)
    while lexer.position < lexer.characters.count, lexer.tokens.count <= limit {
      guard let character = lexer.peek(), character.isLatinLetter else {
        lexer.next()
        continue
      }
      let run = lexer.run()
      if isLone, run != "min", let function = Vocabulary.functions[run] {
        lexer.emit(.function(function))
      } else {
        lexer.emit(.word(run))
      }
    }
    return lexer.tokens
  }

  /// The run of letters at this place.
  private mutating func run() -> String {
    var text = ""
    while let character = peek(), character.isLatinLetter {
      text.unicodeScalars.append(character)
      position += 1
    }
    return text
  }

  /// Reads letters outside of commands: variables, names of functions and constants, or words of language.
  mutating func lexLetters() {
    var run = run()
    if run.count == 1, "ap".contains(run.lowercased()), starts(with: ".m", at: position), peek(2)?.isLatinLetter != true
    {
      position += 2
      run += "m"
    }
    if run == "min", case .number? = tokens.last?.kind, peek().map({ !"({_\\".unicodeScalars.contains($0) }) ?? true {
      emit(.word(run))  // minutes
    } else if let function = Vocabulary.functions[run] {
      emit(function == "sqrt" ? .command("sqrt") : .function(function))
    } else if run.count > 1, let symbol = Vocabulary.symbols[run] {
      emit(.letter(symbol))
    } else if run.count >= 4 || Vocabulary.shortWords.contains(run)
      || (run.count == 3 && run.dropFirst().allSatisfy(\.isLowercase)
        && Vocabulary.shortWords.contains(run.lowercased()))
    {
      lexLongRun(run)
    } else {
      emitLetters(of: run)
    }
  }

  private mutating func lexLongRun(_ run: String) {
    for prefix in ["sin", "cos", "tan", "cot", "log", "ln", "sqrt", "pi"] where run.hasPrefix(prefix) {
      let rest = run.dropFirst(prefix.count)
      guard rest.count <= 1 else { continue }
      emit(prefix == "sqrt" ? .command("sqrt") : prefix == "pi" ? .letter("π") : .function(prefix))
      emitLetters(of: String(rest))
      return
    }
    emit(.word(run))
  }

  private mutating func emitLetters(of run: String) {
    for prefix in ["ln", "pi"] where run.count == 3 && run.hasPrefix(prefix) {
      emit(prefix == "pi" ? .letter("π") : .function("ln"))
      emit(.letter(String(run.suffix(1))))
      return
    }
    for character in run { emit(.letter(character == "I" ? "i" : String(character))) }
  }
}
