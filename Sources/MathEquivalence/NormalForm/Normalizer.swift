/// Brings expressions to normal form.
struct Normalizer {
  let budget: Budget
  /// Whether `\log` without a base is the logarithm to base ten.
  var logIsDecimal = false

  private var arithmetic: NormalArithmetic { NormalArithmetic(budget: budget) }

  func normalForm(_ expression: Expression) throws(Exhausted) -> NormalForm {
    try budget.spend()
    switch expression {
    case .number(let value), .decimal(let value, _): return NormalForm(value)
    case .symbol(let name): return symbol(name)
    case .sum(let parts):
      if let dotted = try dotted(parts) { return dotted }
      var total = NormalForm.zero
      for part in parts { total = try arithmetic.sum(total, normalForm(part)) }
      return total
    case .product(let parts): return try product(parts)
    case .power(let base, let exponent): return try power(base, exponent)
    case .percent(let inner): return try normalForm(inner).scaled(by: .fraction(1, 100))
    case .degrees(let inner):
      return try arithmetic.product(normalForm(inner).scaled(by: .fraction(1, 180)), symbol("π"))
    case .quantity(let inner, _): return try normalForm(inner)
    case .set(let parts) where parts.count == 1, .list(let parts) where parts.count == 1:
      return try normalForm(parts[0])
    case .ratio(let parts) where parts.count == 2: return try normalForm(.quotient(parts[0], parts[1]))
    case .function(let name, let arguments): return try function(name, arguments)
    default: return try opaque(expression)
    }
  }

  private func symbol(_ name: String) -> NormalForm {
    NormalForm(Monomial(factors: [.init(atom: .symbol(name), exponent: .one)]))
  }

  func named(_ key: String) throws(Exhausted) -> NormalForm {
    NormalForm(Monomial(factors: [.init(atom: try budget.atom(named: key), exponent: .one)]))
  }

  /// A product of several matrices keeps their order, as the product of numbers need not.
  private func product(_ parts: [Expression]) throws(Exhausted) -> NormalForm {
    let matrices = parts.filter { if case .matrix = $0 { true } else { false } }
    var total = NormalForm.one
    if matrices.count > 1 {
      total = try named("matrices" + keys(matrices))
      for part in parts where !matrices.contains(part) { total = try arithmetic.product(total, normalForm(part)) }
      return total
    }
    let parts = try reducedFactors(parts) ?? parts
    for part in parts { total = try arithmetic.product(total, normalForm(part)) }
    return total
  }

  private func power(_ base: Expression, _ exponent: Expression) throws(Exhausted) -> NormalForm {
    // The root of a power of a positive number: 10^{700} need not be worked out for its root.
    if case .power(let inner, let first) = base, let number = inner.literal, number > .zero,
      let first = try normalForm(first).rational, let second = try normalForm(exponent).rational
    {
      return try power(inner, .number(first * second))
    }
    let bottom = try normalForm(base)
    let top = try normalForm(exponent)
    if let rational = top.rational,
      let value = try ExactPowers(budget: budget).power(bottom, rational)
    {
      return value
    }
    return try power(bottom, top)
  }

  /// A power with letters in its exponent: the exponent's number goes apart, and its sign to the whole.
  private func power(_ base: NormalForm, _ exponent: NormalForm) throws(Exhausted) -> NormalForm {
    try budget.spend(4 * (base.terms.count + exponent.terms.count))
    var rest = exponent
    var factor = NormalForm.one
    if let constant = exponent.terms[Monomial()],
      let apart = try ExactPowers(budget: budget).power(base, constant)
    {
      rest.add(Monomial(), constant.negated)
      factor = apart
    }
    let isInverse = rest.sorted.first?.coefficient.isNegative == true
    if isInverse { rest = rest.scaled(by: Rational(-1)) }
    let atom = try budget.atom(named: "pow(\(base.key);\(rest.key))")
    let whole = Monomial.Factor(atom: atom, exponent: isInverse ? Rational(-1) : .one)
    return try arithmetic.product(factor, NormalForm(Monomial(factors: [whole])))
  }

  private func function(_ name: String, _ arguments: [Expression]) throws(Exhausted) -> NormalForm {
    var forms: [NormalForm] = []
    for argument in arguments { forms.append(try normalForm(argument)) }
    if let value = try ExactFunctions(budget: budget).value(of: name, forms) { return value }
    if let value = try logarithm(name, arguments) { return value }
    if ["max", "min", "gcd", "lcm"].contains(name) { forms.sort { $0.key < $1.key } }
    try budget.spend(4 * forms.count)
    var name = name
    if name == "log", forms.count == 1 { name = logIsDecimal ? "log10" : "ln" }
    return try named(name + "(" + forms.map(\.key).joined(separator: ";") + ")")
  }

  /// Collections inside values: named by their kind and their members.
  private func opaque(_ expression: Expression) throws(Exhausted) -> NormalForm {
    switch expression {
    case .text(let text): return try named("text " + text)
    case .numeral(let digits, let base): return try named("\(digits)_\(base)")
    case .set(let parts), .list(let parts):
      var members: [String] = []
      for part in parts { members.append(try normalForm(part).key) }
      return try named("set{\(Set(members).sorted().joined(separator: ";"))}")
    case .interval(_, _, let closed): return try named("interval\(closed)" + keys(expression.children))
    case .relation(_, let signs):
      return try named("relation\(signs.map(\.rawValue))" + keys(expression.children))
    case .matrix(let rows): return try named("matrix\(rows.map(\.count))" + keys(expression.children))
    case .union, .intersection, .conjunction:
      return try named(expression.kindName + sortedKeys(expression.children))
    default: return try named(expression.kindName + keys(expression.children))
    }
  }

  private func keys(_ parts: [Expression]) throws(Exhausted) -> String {
    var names: [String] = []
    for part in parts { names.append(try normalForm(part).key) }
    return "(" + names.joined(separator: ";") + ")"
  }

  private func sortedKeys(_ parts: [Expression]) throws(Exhausted) -> String {
    var names: [String] = []
    for part in parts { names.append(try normalForm(part).key) }
    return "(" + names.sorted().joined(separator: ";") + ")"
  }
}

extension Expression {
  /// The name of the case, for the names of normal forms.
  var kindName: String {
    switch self {
    case .tuple: "tuple"
    case .union: "union"
    case .intersection: "intersection"
    case .difference: "difference"
    case .conjunction: "conjunction"
    case .plusMinus: "plusminus"
    case .minusPlus: "minusplus"
    case .ratio: "ratio"
    default: "other"
    }
  }
}
