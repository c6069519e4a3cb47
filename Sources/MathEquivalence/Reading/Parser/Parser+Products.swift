extension Parser {
  mutating func parseProduct() throws(Failure) -> Expression {
    var factors = [try parseFactor()]
    while true {
      if take("*") {
        factors.append(try parseFactor())
      } else if take("/") || (colonDivides && take(":")) {
        factors.append((try parseFactor()).reciprocal)
      } else if case .function("mod") = kind {
        advance()
        factors = [.function("mod", [Self.product(factors), try parseFactor()])]
      } else if let modulus = try takeModulus() {
        factors = [.function("residue", [Self.product(factors), modulus])]
      } else if case .command("choose") = kind {
        advance()
        factors = [.function("binom", [Self.product(factors), try parseFactor()])]
      } else if isMark("("), case .word(let note) = kind(at: 1), note.count > 1 {
        return Self.product(factors)
      } else if startsFactor {
        let isBracketed = isMark("(")
        let factor = try parsePower()
        // "a_n = 2n + 1 (n > 0)": a relation in brackets is a condition, not a factor.
        if isBracketed, case .relation = factor { continue }
        factors.append(factor)
      } else {
        return Self.product(factors)
      }
    }
  }

  /// The modulus of `3 \pmod 7` and `3 (mod 7)`.
  private mutating func takeModulus() throws(Failure) -> Expression? {
    if case .command("pmod") = kind {
      advance()
      return try nested { parser throws(Failure) in try parser.parsePrimary(inScript: true) }
    }
    guard isMark("("), case .function("mod") = kind(at: 1) else { return nil }
    position += 2
    let modulus = try nested { parser throws(Failure) in try parser.parseSum() }
    try expect(")")
    return modulus
  }

  /// A factor after `*` or `/` may carry a sign.
  private mutating func parseFactor() throws(Failure) -> Expression {
    if take("-") {
      return try nested { parser throws(Failure) in try parser.parseFactor() }.negated
    }
    if take("+") { return try nested { parser throws(Failure) in try parser.parseFactor() } }
    return try parsePower()
  }

  /// A product; a quotient of two whole numbers is the fraction itself.
  static func product(_ factors: [Expression]) -> Expression {
    guard factors.count > 1 else { return factors[0] }
    if factors.count == 2, case .number = factors[0], case .power(.number(let bottom), .number(.init(-1))) = factors[1]
    {
      return .quotient(factors[0], .number(bottom))
    }
    return .product(factors)
  }

  /// Whether a factor can begin here without a sign of multiplication.
  var startsFactor: Bool {
    switch kind {
    case .number:
      // Two numbers side by side are no product.
      if position > 0, case .number = tokens[position - 1].kind {
        return position > 1 && tokens[position - 2].kind == .mark("^")
      }
      return true
    case .letter, .function: return !isFunctionNamed("mod")
    case .command(let name): return !["choose", "not", "over", "pmod"].contains(name) && !name.hasPrefix("end")
    case .mark("["): return !closesOutward
    case .mark("("), .mark("{"), .mark("\\{"), .mark("⌊"), .mark("⌈"), .mark("\\$"): return true
    case .mark("|"): return openBars == 0 && !endsAtBar
    default: return false
    }
  }

  private func isFunctionNamed(_ name: String) -> Bool { kind == .function(name) }
}
