extension Lexer {
  /// Commands that the parser gives a meaning of their own.
  private static let structural: Set<String> = [
    "frac", "sqrt", "cbrt", "binom", "choose", "sum", "prod", "int", "lim", "not", "pmod", "over",
  ]

  /// Commands with arguments that the lexer reads itself.
  private static let special: Set<String> = [
    "begin", "end", "mathbb", "textcolor", "color", "tag", "label", "num", "SI", "qty", "unit", "si", "ang", "char",
    "R", "N", "Z", "Q",
    "Reals", "reals", "natnums", "integers", "rationals", "eqref", "ref",
  ]

  static func isKnownCommand(_ name: String) -> Bool {
    structural.contains(canonical(name)) || Vocabulary.spacing.contains(name) || Vocabulary.text.contains(name)
      || Vocabulary.decorations.contains(name) || Vocabulary.marks[name] != nil || Vocabulary.symbols[name] != nil
      || Vocabulary.functions[name] != nil || special.contains(name)
  }

  private static func canonical(_ name: String) -> String {
    switch name {
    case "dfrac", "tfrac", "cfrac": "frac"
    case "dbinom", "tbinom": "binom"
    case "iint", "oint": "int"
    default: name
    }
  }

  /// Reads what a backslash begins.
  mutating func lexCommand() {
    position += 1
    guard let first = peek() else { return }
    if first == "\\" {
      lexDoubleBackslash()
      return
    }
    guard first.isLatinLetter else {
      position += 1
      switch first {
      case "{", "}": emit(.mark("\\" + String(first)))
      case "%": emit(.mark("%"))
      case "|": emit(.mark("|"))
      case "$" where peek()?.isDigit == true || (peek() == " " && peek(1)?.isDigit == true): emit(.mark("\\$"))
      default: spaced = true
      }
      return
    }
    let name = letters()
    if Self.isKnownCommand(name) {
      lexCommand(named: name)
    } else if let known = longestKnownPrefix(of: name) {
      // The letters after a command have run into its name: "\vertx", "\quadx".
      position -= name.count - known.count
      lexCommand(named: known)
    } else {
      emit(.letter("\\" + name))
    }
  }

  /// A row's end in a matrix; elsewhere a backslash that was escaped once too often, or a line break.
  private mutating func lexDoubleBackslash() {
    position += 1
    skipDistance()
    if !environments.isEmpty {
      emit(.mark("\\\\"))
      return
    }
    let start = position
    if let next = peek(), next.isLatinLetter {
      let name = letters()
      if Self.isKnownCommand(name) {
        lexCommand(named: name)
        return
      }
    } else if let next = peek(), next == "{" || next == "}" || next == "%" {
      position += 1
      emit(.mark(next == "%" ? "%" : "\\" + String(next)))
      return
    }
    position = start
    spaced = true
  }

  /// The distance to the next line in `\\[2pt]`.
  private mutating func skipDistance() {
    let units: Set<String> = ["pt", "em", "ex", "cm", "mm", "in", "pc", "mu", "px"]
    guard peek() == "[", let end = characters[position...].firstIndex(of: "]") else { return }
    let distance = String(String.UnicodeScalarView(characters[position + 1..<end]))
    let unit = distance.filter { !" -.0123456789".contains($0) }
    guard units.contains(unit) || unit.isEmpty && !distance.isEmpty && environments.isEmpty else { return }
    position = end + 1
  }

  private mutating func letters() -> String {
    var name = ""
    while let character = peek(), character.isLatinLetter {
      name.unicodeScalars.append(character)
      position += 1
    }
    return name
  }

  private func longestKnownPrefix(of name: String) -> String? {
    guard name.count <= 40 else { return nil }
    var prefix = Substring(name)
    while prefix.count > 2 {
      prefix = prefix.dropLast()
      if Self.isKnownCommand(String(prefix)) { return String(prefix) }
    }
    return nil
  }

  mutating func lexCommand(named name: String) {
    switch name {
    case "begin", "end": lexEnvironment(opens: name == "begin")
    case "mathbb", "Bbb": lexNumberSet()
    case "mathbf", "bold", "boldsymbol", "pmb": lexBold()
    case "R", "N", "Z", "Q", "Reals", "reals", "natnums", "integers", "rationals":
      emit(.letter(Vocabulary.numberSets[String(name.prefix(1)).uppercased()] ?? name))
    case "tag", "label", "eqref", "ref":
      if peek() == "*" { position += 1 }
      _ = braced()
      spaced = true
    case "num", "SI", "qty", "unit", "si", "ang": lexQuantity(name)
    case "char": lexCharacterCode()
    case "left", "right", "mleft", "mright":
      if peek() == "." { position += 1 }
      spaced = true
    case "textcolor", "color", "hspace", "vspace", "phantom": _ = braced(); spaced = true
    case "operatorname":
      if peek() == "*" { position += 1 }
      lexText()
    case "sqrt": emit(.command("sqrt"))
    case "mathrm" where peek() != "{": spaced = true
    default:
      if Vocabulary.spacing.contains(name) || Vocabulary.decorations.contains(name) {
        spaced = true
      } else if Vocabulary.text.contains(name) {
        lexText()
      } else if let mark = Vocabulary.marks[name] {
        emit(.mark(mark))
      } else if let symbol = Vocabulary.symbols[name] {
        emit(.letter(symbol))
      } else if let function = Vocabulary.functions[name] {
        emit(.function(function))
      } else {
        emit(.command(Self.canonical(name)))
      }
    }
  }

  /// The text of the braces that open here.
  mutating func braced() -> String? {
    var start = position
    while start < characters.count, characters[start] == " " { start += 1 }
    guard start < characters.count, characters[start] == "{" else { return nil }
    var depth = 0
    for index in start..<characters.count {
      if characters[index] == "{" { depth += 1 }
      if characters[index] == "}" { depth -= 1 }
      if depth == 0 {
        position = index + 1
        return String(String.UnicodeScalarView(characters[start + 1..<index]))
      }
    }
    return nil
  }
}
