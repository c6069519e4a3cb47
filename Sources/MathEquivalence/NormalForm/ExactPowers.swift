import BigInt

/// Exact powers: `√12 = 2√3`, `8^{2/3} = 4`, `(-1)^{1/2} = i`, `x^{-2}`.
struct ExactPowers {
  let arithmetic: NormalArithmetic
  private var budget: Budget { arithmetic.budget }

  init(budget: Budget) {
    arithmetic = NormalArithmetic(budget: budget)
  }

  /// The power of a form to a rational exponent; nil when only a name for the whole power is left.
  func power(_ base: NormalForm, _ exponent: Rational) throws(Exhausted) -> NormalForm? {
    if exponent == .one { return base }
    if exponent.isZero { return .one }
    if let value = base.rational { return try power(of: value, exponent) }
    if let (monomial, coefficient) = base.single { return try power(of: monomial, coefficient, exponent) }
    if let whole = exponent.int, whole > 0, let expanded = try arithmetic.power(base, whole) { return expanded }
    return try powerOfSum(base, exponent)
  }

  private func power(of value: Rational, _ exponent: Rational) throws(Exhausted) -> NormalForm? {
    if value.isZero { return exponent.isNegative ? nil : .zero }
    if exponent.isInteger {
      // However large the exponent is, it is even or odd.
      let isOdd = exponent.numerator.modulus(2) == 1
      if value.magnitude == .one { return value.isNegative && isOdd ? NormalForm(value) : .one }
      if let whole = exponent.int, let power = value.power(whole, limit: budget.limits.bits) {
        return NormalForm(power)
      }
      return try hugePower(of: value, exponent, isOdd: isOdd)
    }
    guard let root = try rootOfMagnitude(value, exponent) else { return nil }
    return value.isNegative ? try turned(root, exponent) : root
  }

  /// A whole power that is too large to be worked out: named by its prime factors, as 4^{2500} is 2^{5000}.
  private func hugePower(of value: Rational, _ exponent: Rational, isOdd: Bool) throws(Exhausted) -> NormalForm? {
    guard value.bits <= 512, exponent.bits <= 512 else { return nil }
    var factors: [Monomial.Factor] = []
    for (terms, sign) in [(value.numerator, 1), (value.denominator, -1)] {
      for (prime, count) in try factorised(terms.magnitude) {
        let atom = try budget.atom(named: "huge \(prime)")
        factors.append(.init(atom: atom, exponent: exponent * Rational(sign * count)))
      }
    }
    let (monomial, coefficient) = try arithmetic.reduced(factors)
    return NormalForm(monomial, times: value.isNegative && isOdd ? coefficient.negated : coefficient)
  }

  /// The factor that a negative base brings in: a power of `i`, or a sign if the root is odd.
  private func turned(_ root: NormalForm, _ exponent: Rational) throws(Exhausted) -> NormalForm? {
    if exponent.denominator == 2 {
      let turn = NormalForm(Monomial(factors: [.init(atom: .symbol("i"), exponent: .one)]))
      let isMinus = exponent.numerator.modulus(4) == 3
      return try arithmetic.product(root, isMinus ? turn.scaled(by: Rational(-1)) : turn)
    }
    guard exponent.denominator.modulus(2) == 1 else { return nil }
    return exponent.numerator.modulus(2) == 0 ? root : root.scaled(by: Rational(-1))
  }

  private func rootOfMagnitude(_ value: Rational, _ exponent: Rational) throws(Exhausted) -> NormalForm? {
    guard value.bits <= 4_096, exponent.bits <= 64 else { return nil }
    try budget.spend(value.bits / 8)
    var factors: [Monomial.Factor] = []
    for (prime, count) in try factorised(value.numerator.magnitude) {
      factors.append(.init(atom: .prime(prime), exponent: exponent * Rational(count)))
    }
    for (prime, count) in try factorised(value.denominator.magnitude) {
      factors.append(.init(atom: .prime(prime), exponent: exponent * Rational(-count)))
    }
    let (monomial, coefficient) = try arithmetic.reduced(factors)
    return NormalForm(monomial, times: coefficient)
  }

  /// The prime factors; what trial division up to 1,000 leaves is kept as one factor.
  func factorised(_ value: BigUInt) throws(Exhausted) -> [(BigInt, Int)] {
    var factors: [(BigInt, Int)] = []
    var rest = value
    var candidate: UInt = 2
    while candidate < 1000, rest > 1 {
      if let small = UInt(exactly: rest), candidate * candidate > small { break }
      var count = 0
      while true {
        let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: BigUInt(candidate))
        guard remainder.isZero else { break }
        rest = quotient
        count += 1
      }
      if count > 0 { factors.append((BigInt(candidate), count)) }
      candidate += candidate == 2 ? 1 : 2
    }
    try budget.spend(100)
    guard rest > 1 else { return factors }
    let root = rest.squareRoot()
    return factors + (root * root == rest ? [(BigInt(root), 2)] : [(BigInt(rest), 1)])
  }

  private func power(
    of monomial: Monomial, _ coefficient: Rational, _ exponent: Rational
  ) throws(Exhausted) -> NormalForm? {
    // (x^2)^{1/2} is not x: only whole powers go inside, and roots of what is known to be positive.
    let isSafe =
      exponent.isInteger
      || monomial.factors.allSatisfy { factor in
        factor.isPositive || (factor.exponent == .one && monomial.factors.count == 1)
      }
    guard isSafe, let scale = try power(of: coefficient.magnitude, exponent) else { return nil }
    let (raised, factor) = try arithmetic.reduced(
      monomial.factors.map { .init(atom: $0.atom, exponent: $0.exponent * exponent) })
    var result = try arithmetic.product(scale, NormalForm(raised, times: factor))
    if coefficient.isNegative {
      guard exponent.isInteger || monomial.factors.allSatisfy(\.isPositive),
        let sign = try power(of: Rational(-1), exponent)
      else { return nil }
      result = try arithmetic.product(result, sign)
    }
    return result
  }

  /// A sum's power is one factor, its leading coefficient taken out.
  private func powerOfSum(_ base: NormalForm, _ exponent: Rational) throws(Exhausted) -> NormalForm? {
    guard let leading = base.sorted.first?.coefficient else { return nil }
    let content = exponent.isInteger ? leading : leading.magnitude
    guard let inverse = content.reciprocal, let scale = try power(of: content, exponent) else { return nil }
    let primitive = base.scaled(by: inverse)
    try budget.spend(8 * base.terms.count)
    let factor = Monomial.Factor(atom: try budget.atom(named: primitive.key), exponent: exponent)
    return try arithmetic.product(scale, NormalForm(Monomial(factors: [factor])))
  }
}

extension Monomial.Factor {
  /// Whether the factor is known to be a positive number.
  var isPositive: Bool {
    if case .prime = atom { return true }
    return atom == .symbol("π") || atom == .symbol("e")
  }
}
