import BigInt

/// Adds, multiplies and raises normal forms within a budget.
struct NormalArithmetic {
  let budget: Budget

  func sum(_ a: NormalForm, _ b: NormalForm) throws(Exhausted) -> NormalForm {
    var result = a
    for (monomial, coefficient) in b.terms { try add(monomial, coefficient, to: &result) }
    return result
  }

  func product(_ a: NormalForm, _ b: NormalForm) throws(Exhausted) -> NormalForm {
    if let factor = a.rational { return try scaled(b, by: factor) }
    if let factor = b.rational { return try scaled(a, by: factor) }
    guard a.terms.count * b.terms.count <= budget.limits.terms * 4 else { throw Exhausted() }
    var result = NormalForm()
    for (first, c) in a.terms {
      for (second, d) in b.terms {
        try budget.spend(2 + first.factors.count + second.factors.count)
        let (monomial, factor) = try product(first, second)
        try add(monomial, multiply(multiply(c, d), factor), to: &result)
      }
    }
    guard result.terms.count <= budget.limits.terms else { throw Exhausted() }
    return result
  }

  private func scaled(_ form: NormalForm, by factor: Rational) throws(Exhausted) -> NormalForm {
    if factor.isZero { return .zero }
    var result = NormalForm()
    for (monomial, coefficient) in form.terms { try add(monomial, multiply(coefficient, factor), to: &result) }
    return result
  }

  private func add(_ monomial: Monomial, _ coefficient: Rational, to form: inout NormalForm) throws(Exhausted) {
    try pay(form.terms[monomial] ?? .zero, coefficient)
    form.add(monomial, coefficient)
  }

  private func multiply(_ a: Rational, _ b: Rational) throws(Exhausted) -> Rational {
    try pay(a, b)
    return a * b
  }

  /// Takes the cost of an operation on exact numbers off the budget: lowest terms cost the product of their lengths.
  private func pay(_ a: Rational, _ b: Rational) throws(Exhausted) {
    guard a.bits + b.bits <= 4 * budget.limits.bits else { throw Exhausted() }
    try budget.spend(1 + (a.bits * b.bits) >> 10)
  }

  /// Merges two products; whole powers of primes and of `i` leave a rational factor.
  func product(_ a: Monomial, _ b: Monomial) throws(Exhausted) -> (Monomial, Rational) {
    var exponents = a.factors
    for factor in b.factors {
      if let index = exponents.firstIndex(where: { $0.atom == factor.atom }) {
        exponents[index].exponent = exponents[index].exponent + factor.exponent
      } else {
        exponents.append(factor)
      }
    }
    return try reduced(exponents)
  }

  /// Brings a product to its normal form: exponents of primes between 0 and 1, of `i` 0 or 1.
  func reduced(_ factors: [Monomial.Factor]) throws(Exhausted) -> (Monomial, Rational) {
    var kept: [Monomial.Factor] = []
    var coefficient = Rational.one
    for factor in factors where !factor.exponent.isZero {
      switch factor.atom {
      case .prime(let prime):
        let whole = Rational(factor.exponent.floor)
        guard let count = whole.int, let power = Rational(prime).power(count, limit: budget.limits.bits) else {
          throw Exhausted()
        }
        coefficient = coefficient * power
        let rest = factor.exponent - whole
        if !rest.isZero { kept.append(.init(atom: factor.atom, exponent: rest)) }
      case .symbol("i") where factor.exponent.isInteger:
        let turns = Int(factor.exponent.numerator.modulus(4))
        if turns >= 2 { coefficient = coefficient.negated }
        if turns % 2 == 1 { kept.append(.init(atom: factor.atom, exponent: .one)) }
      default: kept.append(factor)
      }
    }
    if kept.count > 1 { kept.sort { $0.atom.key < $1.atom.key } }
    return (Monomial(factors: kept), coefficient)
  }

  /// A form raised to a whole power by repeated multiplication; nil when that would grow beyond the limits.
  func power(_ base: NormalForm, _ exponent: Int) throws(Exhausted) -> NormalForm? {
    if exponent == 0 { return .one }
    guard exponent > 0, exponent <= 24, base.terms.count <= 12 else { return nil }
    var size = 1
    for step in 1..<max(2, base.terms.count) {
      size = size * (exponent + step) / step
      if size > budget.limits.terms { return nil }
    }
    var result = base
    for _ in 1..<exponent { result = try product(result, base) }
    return result
  }
}
