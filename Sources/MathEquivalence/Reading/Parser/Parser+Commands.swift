extension Parser {
  mutating func parseCommand(_ name: String) throws(Failure) -> Expression {
    advance()
    switch name {
    case "frac": return try parseFraction()
    case "sqrt": return try parseRoot()
    case "cbrt": return .power(try parseArgument(), .quotient(.one, .int(3)))
    case "binom":
      let top = try parseArgument()
      return .function("binom", [top, try parseArgument()])
    case "sum", "prod": return try parseBigOperator(name)
    case "int": return try parseIntegral()
    case "lim": return try parseLimit()
    case "begin matrix": return .matrix(try parseRows(until: "end matrix"))
    case "begin determinant": return .determinant(try parseRows(until: "end determinant"))
    case "begin cases":
      let rows = try parseRows(until: "end cases")
      return .list(rows.compactMap(\.first))
    default: throw .unexpected
    }
  }

  /// A braced argument; without braces TeX takes one digit of a number.
  private mutating func parseArgument() throws(Failure) -> Expression {
    if case .number(let written) = kind, written.isPlainInteger, written.whole.count > 1,
      let first = written.whole.first, let digit = Int(String(first))
    {
      tokens[position].kind = .number(WrittenNumber(whole: String(written.whole.dropFirst())))
      tokens[position].spaced = false
      return .int(digit)
    }
    return try nested { parser throws(Failure) in try parser.parsePrimary(inScript: true) }
  }

  private mutating func parseFraction() throws(Failure) -> Expression {
    let top = try parseArgument()
    let bottom = try parseArgument()
    if top == .symbol("d"), case .product(let factors) = bottom, factors.count == 2, factors[0] == .symbol("d"),
      startsFactor
    {
      return .function("derivative", [try parseProduct(), factors[1]])
    }
    if top == .symbol("d"), case .symbol(let name) = bottom, name.hasPrefix("d"), name.count == 2, startsFactor {
      return .function("derivative", [try parseProduct(), .symbol(String(name.dropFirst()))])
    }
    if case .product(let factors) = top, factors.count > 1, factors[0] == .symbol("d"),
      let variable = bottom.differential
    {
      let body = Self.product(Array(factors.dropFirst()))
      return .function("derivative", [body, .symbol(String(variable.dropFirst()))])
    }
    return .quotient(top, bottom)
  }

  private mutating func parseRoot() throws(Failure) -> Expression {
    var index = Expression.int(2)
    if take("[") {
      index = try parseSum()
      try expect("]")
    }
    let radicand = try nested { parser throws(Failure) in try parser.parsePrimary(inScript: true) }
    return .power(radicand, .quotient(.one, index))
  }

  /// Rows of a matrix; bars inside are determinants' own.
  private mutating func parseRows(until end: String) throws(Failure) -> [[Expression]] {
    var rows: [[Expression]] = []
    var row: [Expression] = []
    while true {
      if kind == .command(end) {
        advance()
        if !row.isEmpty { rows.append(row) }
        return rows
      }
      if take("\\\\") {
        if !row.isEmpty { rows.append(row) }
        row = []
      } else if take("&") || take(",") {
        continue
      } else {
        row.append(try nested { parser throws(Failure) in try parser.parseRelation() })
        if end == "end cases" { skipWords() }
      }
    }
  }

  private mutating func skipWords() {
    while case .word = kind { advance() }
  }
}
