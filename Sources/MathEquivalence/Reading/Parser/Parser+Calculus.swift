extension Parser {
  /// `\sum_{k=1}^{n} a_k`: the bound variable gets a name of its own, so that renaming it changes nothing.
  mutating func parseBigOperator(_ name: String) throws(Failure) -> Expression {
    var lower: Expression?
    var upper: Expression?
    while isMark("_") || isMark("^") {
      if take("_") {
        lower = try parseBounds()
      } else {
        advance()
        upper = try parseScript()
      }
    }
    guard case .relation(let sides, [.equal])? = lower, case .symbol(let variable) = sides[0], let upper else {
      throw .unexpected
    }
    let body = try nested { parser throws(Failure) in try parser.parseProduct() }
    return .function(name, [body.replacing(variable, with: .symbol("□")), sides[1], upper])
  }

  /// The relation under a sum or a limit.
  private mutating func parseBounds() throws(Failure) -> Expression {
    guard take("{") else { return try parseScript() }
    let bounds = try unbarred { parser throws(Failure) in try parser.parseRelation() }
    try expect("}")
    return bounds
  }

  /// `\int_0^1 x\,dx`, the differential anywhere in the integrand.
  mutating func parseIntegral() throws(Failure) -> Expression {
    var lower: Expression?
    var upper: Expression?
    while isMark("_") || isMark("^") {
      let isLower = isMark("_")
      advance()
      if isMark("{"), kind(at: 1) == .mark("}") {
        position += 2
      } else if isLower {
        lower = try parseScript()
      } else {
        upper = try parseScript()
      }
    }
    integrals += 1
    defer { integrals -= 1 }
    let body = try nested { parser throws(Failure) in try parser.parseSum() }
    guard let differential = body.differential else { throw .unexpected }
    let variable = String(differential.dropFirst())
    let integrand = body.replacing(differential, with: .one).replacing(variable, with: .symbol("□"))
    return .function("int", [integrand] + [lower, upper].compactMap(\.self))
  }

  /// `\lim_{x \to 3^+} f(x)`; the side is "+", "-", or "" if it is left out.
  mutating func parseLimit() throws(Failure) -> Expression {
    try expect("_")
    try expect("{")
    let variable = try parsePrimary()
    guard case .symbol(let name) = variable else { throw .unexpected }
    try expect("→")
    let isNegative = take("-")
    let value = try parsePower()
    let point = isNegative ? value.negated : value
    var side = ""
    let braced = take("{")
    if take("+") { side = "+" } else if take("-") { side = "-" }
    if braced { try expect("}") }
    try expect("}")
    let body = try nested { parser throws(Failure) in try parser.parseProduct() }
    return .function("lim", [body.replacing(name, with: .symbol("□")), point, .text(side)])
  }
}

extension Expression {
  /// The first symbol `dx` within.
  var differential: String? {
    if case .symbol(let name) = self { return name.count == 2 && name.hasPrefix("d") ? name : nil }
    if case .product(let factors) = self, factors.count == 2, factors[0] == .symbol("d"),
      case .symbol(let name) = factors[1]
    {
      return "d" + name
    }
    for child in children {
      if let found = child.differential { return found }
    }
    return nil
  }
}
