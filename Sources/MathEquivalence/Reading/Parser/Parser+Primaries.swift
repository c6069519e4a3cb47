extension Parser {
  mutating func parsePrimary(inScript: Bool = false) throws(Failure) -> Expression {
    switch kind {
    case .number(let written): return try parseNumber(written, inScript: inScript)
    case .letter(let name): return try parseLetter(name, inScript: inScript)
    case .function(let name): return try parseFunction(name)
    case .command(let name): return try parseCommand(name)
    case .mark("("):
      if let numeral = takeBracketedNumeral() { return numeral }
      return try parseGroup("(")
    case .mark("{") where kind(at: 1) == .mark("}"), .mark("_"), .mark("^"):
      if let choice = try takeLeftScript() { return choice }
      guard case .mark(let mark) = kind else { throw .unexpected }
      return try parseGroup(mark)
    case .mark(let mark): return try parseGroup(mark)
    case .word(let word):
      // A lone letter in \text stands for itself.
      guard word.count == 1 else { throw .unexpected }
      return try parseLetter(word, inScript: inScript)
    case .end: throw .unexpected
    }
  }

  private mutating func parseLetter(_ name: String, inScript: Bool) throws(Failure) -> Expression {
    advance()
    if integrals > 0, name == "d", case .letter(let variable) = kind {
      advance()
      return .symbol("d" + variable)
    }
    if name == "Δ" || name == "∂", case .letter(let variable) = kind {
      advance()
      return .symbol(name + variable)
    }
    var name = name
    if !inScript, let choice = try takeChoice(named: name) { return choice }
    if !inScript, take("_") { name += "_" + (try subscriptText()) }
    if !inScript, Self.isFunctionName(name), takeInverse() { name += "⁻¹" }
    while take("'") { name += "'" }
    if !inScript, isPoint(name) || isHeadOfDefinition { return .function("call " + name, try parseParenthesised()) }
    guard !inScript, Self.isFunctionName(name) else { return .symbol(name) }
    // f{\left(x\right)}, as computer algebra prints it.
    let isBraced = isMark("{") && kind(at: 1) == .mark("(")
    guard isBraced || isMark("(") else { return .symbol(name) }
    if isBraced { advance() }
    let arguments = try parseParenthesised()
    if isBraced { try expect("}") }
    return .function("call " + name, arguments)
  }

  /// The exponent of `f^{-1}(x)`: the inverse function, not a power.
  private mutating func takeInverse() -> Bool {
    let isBraced = kind(at: 1) == .mark("{")
    let sign = isBraced ? 2 : 1
    guard isMark("^"), kind(at: sign) == .mark("-"), kind(at: sign + 1) == .number(WrittenNumber(whole: "1")) else {
      return false
    }
    let end = isBraced ? sign + 3 : sign + 2
    guard !isBraced || kind(at: end - 1) == .mark("}"), kind(at: end) == .mark("(") else { return false }
    position += end
    return true
  }

  /// Whether `(t) =` follows: then the letter before is a function, whatever its name.
  private var isHeadOfDefinition: Bool {
    guard isMark("(") else { return false }
    var offset = 1
    while true {
      switch kind(at: offset) {
      case .letter, .mark(","): offset += 1
      case .mark(")"): return offset > 1 && kind(at: offset + 1) == .mark("=")
      default: return false
      }
    }
  }

  /// Whether the name is a point's before its coordinates: `A(1, 2)`.
  private func isPoint(_ name: String) -> Bool {
    guard name.count == 1, name.first?.isUppercase == true, isMark("("), !isSpaced else { return false }
    return count(",", from: position + 1) + count(";", from: position + 1) > 0
  }

  /// Names that are functions if a parenthesis follows; others are factors.
  private static func isFunctionName(_ name: String) -> Bool {
    guard let first = name.first else { return false }
    return "fghFGHPQRSTpq".contains(first) && (name.count == 1 || !name.dropFirst().contains(where: \.isLetter))
  }

  mutating func parseParenthesised() throws(Failure) -> [Expression] {
    try expect("(")
    let items = try unbarred { parser throws(Failure) in try parser.parseArguments() }
    try expect(")")
    return items
  }

  /// The items in a parenthesis. In `P(A | B)` what follows the bar is part of the name.
  mutating func parseArguments() throws(Failure) -> [Expression] {
    endsAtBar = !count("|", from: position).isMultiple(of: 2)
    let items = try parseItems().0
    guard items.count == 1, take("|") else { return items }
    return [.function("given", items + (try parseItems().0))]
  }

  /// A subscript as text: part of a name, not of a value.
  mutating func subscriptText() throws(Failure) -> String {
    var text = ""
    var open = 0
    repeat {
      switch kind {
      case .number(let written): text += written.whole
      case .letter(let name), .word(let name), .function(let name), .command(let name): text += name
      case .mark("{"): open += 1
      case .mark("}"): open -= 1
      case .mark(let mark): text += mark
      case .end: throw .unexpected
      }
      advance()
      if open < 0 { throw .unexpected }
    } while open > 0
    return text
  }
}
