import BigInt

/// Functions whose value at exact arguments is exact: factorials, floors, greatest common divisors, remainders.
struct ExactFunctions {
  let budget: Budget

  /// The exact value; nil when there is none and the function's name has to stand for it.
  func value(of name: String, _ forms: [NormalForm]) throws(Exhausted) -> NormalForm? {
    if name == "gcd" || name == "lcm", let value = try commonMonomial(name, forms) { return value }
    if forms.count == 1, let value = try circular(name, forms[0]) { return value }
    let values = forms.compactMap(\.rational)
    guard values.count == forms.count, let first = values.first else { return nil }
    guard let exact = try value(of: name, values, first) else { return nil }
    guard exact.bits <= 4 * budget.limits.bits else { throw Exhausted() }
    return NormalForm(exact)
  }

  private func value(of name: String, _ values: [Rational], _ first: Rational) throws(Exhausted) -> Rational? {
    switch (name, values.count) {
    case ("abs", 1): return first.magnitude
    case ("floor", 1): return Rational(first.floor)
    case ("ceil", 1): return Rational(first.negated.floor).negated
    case ("max", _): return values.max()
    case ("min", _): return values.min()
    case ("factorial", 1): return try factorial(first)
    case ("binom", 2): return try binomial(first, values[1])
    case ("mod", 2): return Self.remainder(of: first, by: values[1])
    case ("gcd", _): return values.dropFirst().reduce(first.magnitude, Self.divisor)
    case ("lcm", _): return values.dropFirst().reduce(first.magnitude, Self.multiple)
    case ("log", 2): return Self.logarithm(of: first, base: values[1])
    case ("ln", 1), ("log", 1): return first == .one ? .zero : nil
    default: return nil
    }
  }

  static let largestFactorial = 400

  private func factorial(_ value: Rational) throws(Exhausted) -> Rational? {
    guard let count = value.int, count >= 0, count <= Self.largestFactorial else { return nil }
    try budget.spend(count)
    var product = BigInt(1)
    for factor in stride(from: 2, through: count, by: 1) { product *= BigInt(factor) }
    return Rational(product)
  }

  private func binomial(_ top: Rational, _ bottom: Rational) throws(Exhausted) -> Rational? {
    guard let n = top.int, var k = bottom.int, n >= 0, k >= 0, n <= 1_000_000_000 else { return nil }
    guard k <= n else { return .zero }
    k = min(k, n - k)
    guard k <= 400 else { return nil }
    try budget.spend(k)
    var value = BigInt(1)
    for step in stride(from: 1, through: k, by: 1) { value = value * BigInt(n - k + step) / BigInt(step) }
    return Rational(value)
  }

  static func remainder(of value: Rational, by modulus: Rational) -> Rational? {
    modulus.reciprocal.map { value - modulus * Rational((value * $0).floor) }
  }

  private static func divisor(_ a: Rational, _ b: Rational) -> Rational {
    let bottom = a.denominator * b.denominator
    return Rational(
      Rational.commonDivisor(a.numerator * b.denominator, b.numerator * a.denominator), bottom) ?? .zero
  }

  private static func multiple(_ a: Rational, _ b: Rational) -> Rational {
    guard let inverse = divisor(a, b).reciprocal else { return .zero }
    return (a * b).magnitude * inverse
  }

  /// `\log_2 8 = 3`: the whole exponent, when there is one.
  private static func logarithm(of value: Rational, base: Rational) -> Rational? {
    if value == .one { return .zero }
    guard base.isInteger, base > .one, value > .zero else { return nil }
    let isInverse = value < .one
    guard var rest = isInverse ? value.reciprocal : value, rest.isInteger, rest.bits < 512 else { return nil }
    var exponent = 0
    while rest != .one {
      let (quotient, remainder) = rest.numerator.quotientAndRemainder(dividingBy: base.numerator)
      guard remainder.isZero else { return nil }
      rest = Rational(quotient)
      exponent += 1
    }
    return Rational(isInverse ? -exponent : exponent)
  }

  /// The greatest common divisor and the least common multiple of products: the lowest and the highest powers.
  private func commonMonomial(_ name: String, _ forms: [NormalForm]) throws(Exhausted) -> NormalForm? {
    let terms = forms.compactMap(\.single)
    guard terms.count == forms.count, let first = terms.first, terms.contains(where: { !$0.monomial.factors.isEmpty }),
      let coefficient = try value(of: name, terms.map(\.coefficient), first.coefficient)
    else { return nil }
    let atoms = Set(terms.flatMap { $0.monomial.factors.map(\.atom) })
    let factors = atoms.map { atom in
      let exponents = terms.map { $0.monomial.factors.first { $0.atom == atom }?.exponent ?? .zero }
      let exponent = (name == "gcd" ? exponents.min() : exponents.max()) ?? .zero
      return Monomial.Factor(atom: atom, exponent: exponent)
    }
    let (monomial, factor) = try NormalArithmetic(budget: budget).reduced(factors)
    return NormalForm(monomial, times: coefficient * factor)
  }
}
