import BigInt

/// Functions whose value at exact arguments is exact: factorials, floors, greatest common divisors, remainders.
struct ExactFunctions {
  let budget: Budget

  /// The exact value; nil when there is none and the function's name has to stand for it.
  func value(of name: String, _ forms: [NormalForm]) throws(Exhausted) -> NormalForm? {
    if name == "gcd" || name == "lcm", let value = polynomialDivisor(name, forms) { return value }
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
    case ("mod", 2):
      guard !values[1].isZero, let inverse = values[1].reciprocal else { return nil }
      return first - values[1] * Rational((first * inverse).floor)
    case ("gcd", _): return values.dropFirst().reduce(first.magnitude, Self.divisor)
    case ("lcm", _): return values.dropFirst().reduce(first.magnitude, Self.multiple)
    case ("log", 2): return Self.logarithm(of: first, base: values[1])
    case ("ln", 1), ("log", 1): return first == .one ? .zero : nil
    default: return nil
    }
  }

  private func factorial(_ value: Rational) throws(Exhausted) -> Rational? {
    guard let count = value.int, count >= 0, count <= 400 else { return nil }
    try budget.spend(count)
    var product = BigInt(1)
    for factor in stride(from: 2, through: count, by: 1) { product *= BigInt(factor) }
    return Rational(product)
  }

  private func binomial(_ top: Rational, _ bottom: Rational) throws(Exhausted) -> Rational? {
    guard let n = top.int, var k = bottom.int, n >= 0, k >= 0, n <= 4000 else { return nil }
    guard k <= n else { return .zero }
    k = min(k, n - k)
    guard k <= 400 else { return nil }
    try budget.spend(k)
    var value = BigInt(1)
    for step in stride(from: 1, through: k, by: 1) { value = value * BigInt(n - k + step) / BigInt(step) }
    return Rational(value)
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

  /// Different letters and roots have no common divisor: the greatest is one, the least common multiple their product.
  private func polynomialDivisor(_ name: String, _ forms: [NormalForm]) -> NormalForm? {
    guard forms.count == 2, let a = forms[0].single, let b = forms[1].single, a.monomial != b.monomial,
      a.coefficient == .one, b.coefficient == .one, a.monomial.factors.count == 1, b.monomial.factors.count == 1,
      a.monomial.factors[0].atom != b.monomial.factors[0].atom
    else { return nil }
    if name == "gcd" { return .one }
    return try? NormalArithmetic(budget: budget).product(forms[0], forms[1])
  }
}
