extension Parser {
  /// A named function with its power, its base and its argument: `\sin^2 x`, `\log_2 8`, `\max(1, 2)`.
  mutating func parseFunction(_ name: String) throws(Failure) -> Expression {
    advance()
    var base: Expression?
    var exponent: Expression?
    while isMark("_") || isMark("^") {
      if take("_") { base = try parseScript() } else { advance(); exponent = try parseScript() }
    }
    if isMark("=") { return .symbol(name) }  // "max = 5, min = 1"
    let arguments = try parseArguments(of: name)
    guard !arguments.isEmpty else { throw .unexpected }
    return try Self.apply(name, to: arguments, base: base, exponent: exponent)
  }

  private mutating func parseArguments(of name: String) throws(Failure) -> [Expression] {
    switch kind {
    case .mark("("), .mark("["), .mark("\\{"), .mark("{"):
      return try parseGroupedArguments()
    case .mark("|") where openBars == 0: return [try parseGroup("|")]
    default: return [try parseBareArgument()]
    }
  }

  private mutating func parseGroupedArguments() throws(Failure) -> [Expression] {
    guard case .mark(let open) = kind else { throw .unexpected }
    let value = try nested { parser throws(Failure) in try parser.parseGroup(open) }
    switch value {
    case .tuple(let items), .set(let items): return items
    case .interval(let a, let b, _): return [a, b]
    default: return [value]
    }
  }

  /// The factors up to the next operator, bracket or function: `\log xy`, `\cos \frac{\pi}{3} x`.
  private mutating func parseBareArgument() throws(Failure) -> Expression {
    if take("-") { return (try parseBareArgument()).negated }
    if case .function = kind { return try nested { parser throws(Failure) in try parser.parsePower() } }
    var factors = [try parsePower()]
    while startsFactor {
      switch kind {
      case .number, .letter: factors.append(try parsePower())
      case .command("frac"), .command("sqrt"): factors.append(try parsePower())
      default: return Self.product(factors)
      }
    }
    if isMark("/"), case .number = kind(at: 1) {
      advance()
      factors.append((try parsePower()).reciprocal)
    }
    return Self.product(factors)
  }

  private static func apply(
    _ name: String, to arguments: [Expression], base: Expression?, exponent: Expression?
  ) throws(Failure) -> Expression {
    var name = name
    var exponent = exponent
    if exponent?.literal == Rational(-1), let inverse = inverses[name] {
      name = inverse
      exponent = nil
    }
    var value: Expression
    switch name {
    case "exp" where arguments.count == 1: value = .power(.euler, arguments[0])
    case "det":
      guard case .matrix(let rows)? = arguments.first else { fallthrough }
      value = .determinant(rows)
    case "log" where base != nil, "lg" where base != nil:
      value = .function("log", arguments + [base ?? .int(10)])
    case "lg": value = .function("log", arguments + [.int(10)])
    default: value = .function(name, arguments + [base].compactMap(\.self))
    }
    if let exponent { value = .power(value, exponent) }
    return value
  }

  private static let inverses: [String: String] = {
    var names: [String: String] = [:]
    for name in ["sin", "cos", "tan", "cot", "sec", "csc"] {
      names[name] = "arc" + name
      names[name + "h"] = "ar" + name + "h"
    }
    return names
  }()
}
