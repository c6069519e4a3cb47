extension Lexer {
  /// Opens the argument of a text command: up to its closing brace letters are words.
  ///
  /// Nothing is read twice: hundreds of text commands inside each other cost no more than they are long.
  mutating func lexText() {
    spaced = true
    var brace = position
    while brace < characters.count, characters[brace] == " " { brace += 1 }
    guard brace < characters.count, characters[brace] == "{" else { return }
    position = brace + 1
    texts.append(braces)
    braces += 1
    lexLoneFunction()
  }

  /// A function's name that fills a text command stays mathematics: `\operatorname{arctan}`.
  private mutating func lexLoneFunction() {
    let letters = characters[position...].prefix { $0.isLatinLetter }
    guard letters.endIndex < characters.count, characters[letters.endIndex] == "}" else { return }
    let name = String(String.UnicodeScalarView(letters))
    guard name != "min", let function = Vocabulary.functions[name] else { return }
    position = letters.endIndex
    emit(.function(function))
  }

  /// Reads a word of a text command.
  mutating func lexWord() { emit(.word(run())) }

  /// A brace, unless it only encloses a text.
  mutating func lexBrace(_ brace: Unicode.Scalar) {
    if brace == "{" {
      braces += 1
    } else {
      braces = max(0, braces - 1)
      if texts.last == braces {
        texts.removeLast()
        spaced = true
        return
      }
    }
    emit(.mark(String(brace)))
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
    if lexTimes(run) || lexDollars(run) { return }
    if let joint = ["or", "and"].first(where: run.hasPrefix), run.count == joint.count + 1, !spaced,
      case .number? = tokens.last?.kind
    {
      // "x=1orx=2"
      emit(.word(joint))
      return emitLetters(of: String(run.dropFirst(joint.count)))
    }
    if run.count == 1, "ap".contains(run.lowercased()), starts(with: ".m", at: position), peek(2)?.isLatinLetter != true
    {
      position += 2
      run += "m"
    }
    if run == "min", isBehindNumber || tokens.last?.kind == .mark("/"),
      peek().map({ !"({_\\".unicodeScalars.contains($0) }) ?? true
    {
      emit(.word(run))  // minutes
    } else if let function = Vocabulary.functions[run] {
      emit(function == "sqrt" ? .command("sqrt") : .function(function))
    } else if run.count > 1, let symbol = Vocabulary.symbols[run] {
      emit(.letter(symbol))
    } else if run.count >= 4 || Vocabulary.shortWords.contains(run) || isUnit(run)
      || (run.count == 3 && run.dropFirst().allSatisfy(\.isLowercase)
        && Vocabulary.shortWords.contains(run.lowercased()))
    {
      lexLongRun(run)
    } else {
      emitLetters(of: run)
    }
  }

  private var isBehindNumber: Bool {
    if case .number? = tokens.last?.kind { true } else { false }
  }

  /// Whether the run is a unit's symbol behind a number, and not a product of letters.
  private func isUnit(_ run: String) -> Bool {
    guard run.count > 1, spaced || run.count > 2 || tokens.last?.kind == .mark("/"), Units.symbols.contains(run) else {
      return false
    }
    switch tokens.last?.kind {
    case .number, .mark("}"), .mark(")"): return true
    case .mark("/"), .mark("*"), .mark("·"):
      guard tokens.count > 1, case .word = tokens[tokens.count - 2].kind else { return false }
      return true
    default: return false
    }
  }

  /// The sign of multiplication in `3 x 10^8`, typed as a letter.
  private mutating func lexTimes(_ run: String) -> Bool {
    guard run == "x" || run == "X", case .number? = tokens.last?.kind else { return false }
    let rest = characters[position...].drop { $0 == " " }
    let power = rest.dropFirst(2).drop { $0 == " " }
    guard rest.starts(with: "10".unicodeScalars), let next = power.first,
      next == "^" || next.superscript != nil || power.starts(with: "**".unicodeScalars)
    else { return false }
    emit(.mark("*"))
    return true
  }

  /// The country of a dollar: `US$ 5`.
  private mutating func lexDollars(_ run: String) -> Bool {
    guard peek() == "$", peek(1)?.isDigit == true || peek(1) == " ",
      ["US", "A", "AU", "C", "CA", "NZ", "HK", "S", "R"].contains(run), tokens.isEmpty
    else { return false }
    spaced = true
    return true
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
