extension Expression: CustomStringConvertible {
  /// The expression in LaTeX that reads back as the same expression.
  var description: String {
    switch self {
    case .number(let value): value.isInteger ? "\(value)" : Self.fraction(value)
    case .decimal(let value, let places): Self.decimal(value, places)
    case .numeral(let digits, let base): "\(digits)_{\(base)}"
    case .symbol(let name): Self.symbol(name)
    case .sum(let parts): parts.map(\.bracketed).joined(separator: "+")
    case .product(let parts): parts.map(\.bracketed).joined(separator: #"\cdot "#)
    case .power(let base, let exponent): "\(base.bracketed)^{\(exponent)}"
    case .function(let name, let arguments): Self.function(name, arguments)
    case .plusMinus(let inner): #"\pm "# + inner.bracketed
    case .minusPlus(let inner): #"\mp "# + inner.bracketed
    case .percent(let inner): inner.bracketed + #"\%"#
    case .degrees(let inner): inner.bracketed + #"^{\circ}"#
    case .quantity(let value, let unit): value.bracketed + #"\text{ "# + unit + "}"
    case .ratio(let parts): parts.map(\.bracketed).joined(separator: ":")
    case .relation(let sides, let signs):
      zip(sides.dropFirst(), signs).reduce("\(sides[0])") { $0 + " \($1.1.rawValue) \($1.0)" }
    case .text(let words): #"\text{"# + words + "}"
    default: collection
    }
  }

  private var collection: String {
    func joined(_ parts: [Expression]) -> String { parts.map(\.description).joined(separator: ", ") }
    return switch self {
    case .list(let parts): joined(parts)
    case .conjunction(let parts): parts.map(\.description).joined(separator: #" \text{ and } "#)
    case .tuple(let parts): "(" + joined(parts) + ")"
    case .set(let parts): parts.isEmpty ? #"\emptyset"# : #"\{"# + joined(parts) + #"\}"#
    case .interval(let low, let high, let closed):
      (closed.lower ? "[" : "(") + "\(low), \(high)" + (closed.upper ? "]" : ")")
    case .union(let parts):
      parts.allSatisfy(\.isOrderRelation)
        ? parts.map(\.description).joined(separator: #" \text{ or } "#)
        : parts.map(\.description).joined(separator: #" \cup "#)
    case .intersection(let parts): parts.map(\.description).joined(separator: #" \cap "#)
    case .difference(let whole, let part): #"\#(whole) \setminus \#(part)"#
    case .matrix(let rows):
      #"\begin{pmatrix}"#
        + rows.map { $0.map(\.description).joined(separator: " & ") }.joined(separator: #" \\ "#)
        + #"\end{pmatrix}"#
    default: ""
    }
  }

  /// The expression in brackets if a neighbour could take a part of it.
  private var bracketed: String {
    switch self {
    case .symbol, .function, .tuple, .set, .matrix, .interval: description
    case .number(let value) where value.isInteger && !value.isNegative: description
    default: "(\(description))"
    }
  }

  private static func fraction(_ value: Rational) -> String {
    (value.isNegative ? "-" : "") + #"\frac{"# + "\(value.magnitude.numerator)}{\(value.denominator)}"
  }

  private static func decimal(_ value: Rational, _ places: Int) -> String {
    guard let scale = Rational(10).power(places, limit: 8_192) else { return "\(value)" }
    var digits = (value.magnitude * scale).floor.description
    while digits.count <= places { digits = "0" + digits }
    return (value.isNegative ? "-" : "") + digits.dropLast(places) + "." + digits.suffix(places)
  }

  private static func symbol(_ name: String) -> String {
    let parts = name.split(separator: "_", maxSplits: 1)
    guard parts.count == 2 else { return name == "∞" ? #"\infty "# : name }
    return "\(parts[0])_{\(parts[1])}"
  }

  private static func function(_ name: String, _ arguments: [Expression]) -> String {
    let list = arguments.map(\.description).joined(separator: ", ")
    return switch (name, arguments.count) {
    case ("factorial", 1): "\(arguments[0].bracketed)!"
    case ("abs", 1): #"\left|\#(list)\right|"#
    case ("floor", 1): #"\lfloor \#(list)\rfloor "#
    case ("ceil", 1): #"\lceil \#(list)\rceil "#
    case ("binom", 2): #"\binom{\#(arguments[0])}{\#(arguments[1])}"#
    case ("log", 2): #"\log_{\#(arguments[1])}(\#(arguments[0]))"#
    case ("mod", 2): #"\#(arguments[0].bracketed) \mod \#(arguments[1].bracketed)"#
    default: name.hasPrefix("call ") ? "\(symbol(String(name.dropFirst(5))))(\(list))" : #"\\#(name)(\#(list))"#
    }
  }
}
