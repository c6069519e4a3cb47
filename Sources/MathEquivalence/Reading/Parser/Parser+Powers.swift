extension Parser {
  /// A primary with everything that may follow it: powers, factorials, percent and degree signs.
  mutating func parsePower() throws(Failure) -> Expression {
    var base = try nested { parser throws(Failure) in try parser.parsePrimary() }
    while case .mark(let mark) = kind {
      switch mark {
      case "^":
        guard let raised = try parseExponent(of: base) else { return base }
        base = raised
      case "!":
        advance()
        base = .function("factorial", [base])
      case "%":
        advance()
        base = .percent(base)
      case "°":
        advance()
        base = try degrees(base)
      case "'":
        advance()
        if case .symbol(let name) = base { base = .symbol(name + "'") }
      case "_":
        guard case .symbol(let name) = base else { return base }
        advance()
        base = .symbol(name + "_" + (try subscriptText()))
      default: return base
      }
    }
    return base
  }

  /// What follows `^`; nil when it is a limit's side, which the caller reads.
  private mutating func parseExponent(of base: Expression) throws(Failure) -> Expression? {
    advance()
    // A script that was lost on the way, as in "90^", says nothing.
    if kind == .end { return base }
    if take("°") { return try degrees(base) }
    if case .symbol(let name) = base, let mark = takeSetMark(of: name) { return .symbol(name + mark) }
    if take("'") {
      if case .symbol(let name) = base { return .symbol(name + "'") }
      return base
    }
    if isMark("{"), case .mark(let inner) = kind(at: 1), kind(at: 2) == .mark("}") {
      if inner == "°" { position += 3; return try degrees(base) }
      if inner == "'" { position += 3; if case .symbol(let name) = base { return .symbol(name + "'") }; return base }
      if inner == "+" || inner == "-" { return nil }
    }
    if isMark("{"), case .word(let word) = kind(at: 1), kind(at: 2) == .mark("}") {
      // An ordinal's ending, "12^{th}", adds nothing.
      guard ["th", "st", "nd", "rd"].contains(word) else { throw .unexpected }
      position += 3
      return base
    }
    if isMark("+") || isMark("-"), !startsExponent(at: 1) { return nil }
    let exponent = try parseScript()
    // \alpha^2_{good}: the subscript belongs to the letter.
    if isMark("_"), case .symbol(let name) = base {
      advance()
      return .power(.symbol(name + "_" + (try subscriptText())), exponent)
    }
    if case .function(let name, let arguments) = base, name == "lim" { return .function(name, arguments) }
    return .power(base, exponent)
  }

  /// The star or the sign of `N^*` and `ℝ^{+}`.
  private mutating func takeSetMark(of name: String) -> String? {
    guard ["ℝ", "ℤ", "ℕ", "ℚ", "N", "Z", "R", "Q"].contains(name) else { return nil }
    let isBraced = isMark("{")
    guard case .mark(let mark) = kind(at: isBraced ? 1 : 0), ["*", "+", "-", "⋆"].contains(mark) else { return nil }
    position += isBraced ? 3 : 1
    return mark
  }

  private func startsExponent(at offset: Int) -> Bool {
    switch kind(at: offset) {
    case .number, .letter, .function, .command, .mark("("), .mark("{"): true
    default: false
    }
  }

  /// A braced group, or one signed primary: what `^` raises to.
  mutating func parseScript() throws(Failure) -> Expression {
    if take("-") { return try nested { parser throws(Failure) in try parser.parseScript() }.negated }
    if take("+") { return try nested { parser throws(Failure) in try parser.parseScript() } }
    return try nested { parser throws(Failure) in try parser.parsePrimary(inScript: true) }
  }

  /// Degrees, with the minutes and seconds of arc that may follow.
  private mutating func degrees(_ base: Expression) throws(Failure) -> Expression {
    guard var value = base.literal else { return .degrees(base) }
    if let scale = ["C", "F", "K"].first(where: { kind == .letter($0) }) {
      advance()
      return .quantity(base, unit: "°" + scale)
    }
    var part = Rational.one
    while case .number(let written) = kind, written.exponent == nil, let primes = primes(at: 1) {
      advance()
      part = primes == 1 ? .fraction(1, 60) : .fraction(1, 3600)
      guard let minutes = written.expression(limits: limits)?.literal else { throw .tooDeep }
      value = value + minutes * part
      position += primes
    }
    return part == .one ? .degrees(base) : .degrees(.number(value))
  }

  /// How many primes stand there: one for minutes, two for seconds; nil for none.
  private func primes(at offset: Int) -> Int? {
    guard kind(at: offset) == .mark("'") else { return nil }
    return kind(at: offset + 1) == .mark("'") ? 2 : 1
  }
}
