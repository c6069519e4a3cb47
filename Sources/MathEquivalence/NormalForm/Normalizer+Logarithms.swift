import BigInt

extension Normalizer {
  /// The logarithm of a product or a power as a sum: `ln(e^{1000})` is 1000, though no machine number holds e^{1000}.
  ///
  /// nil if the argument is not known to be positive, or is a sum.
  func logarithm(_ name: String, _ arguments: [Expression]) throws(Exhausted) -> NormalForm? {
    guard name == "ln" || name == "log", let natural = try naturalLogarithm(arguments[0]) else { return nil }
    let base: NormalForm?
    if name == "log", arguments.count == 2 {
      base = try naturalLogarithm(arguments[1])
    } else {
      base = name == "log" && logIsDecimal ? try naturalLogarithm(.int(10)) : .one
    }
    guard let base, base != .zero else { return nil }
    if let ratio = natural.ratio(to: base) { return NormalForm(ratio) }
    guard let inverse = try ExactPowers(budget: budget).power(base, Rational(-1)) else { return nil }
    return try NormalArithmetic(budget: budget).product(natural, inverse)
  }

  private func naturalLogarithm(_ expression: Expression) throws(Exhausted) -> NormalForm? {
    try budget.spend()
    switch expression {
    case .number(let value), .decimal(let value, _): return try naturalLogarithm(value)
    case .symbol("e"): return .one
    case .symbol("π"): return try named("ln(π)")
    case .power(let base, let exponent):
      guard !exponent.mentionsImaginary, let logarithm = try naturalLogarithm(base) else { return nil }
      return try NormalArithmetic(budget: budget).product(logarithm, normalForm(exponent))
    case .product(let parts):
      var total = NormalForm.zero
      for part in parts {
        guard let logarithm = try naturalLogarithm(part) else { return nil }
        total = try NormalArithmetic(budget: budget).sum(total, logarithm)
      }
      return total
    default: return nil
    }
  }

  private func naturalLogarithm(_ value: Rational) throws(Exhausted) -> NormalForm? {
    guard value > .zero, value.bits <= budget.limits.bits else { return nil }
    let powers = ExactPowers(budget: budget)
    var total = NormalForm.zero
    for (number, sign) in [(value.numerator, 1), (value.denominator, -1)] {
      for (prime, count) in try powers.factorised(number.magnitude) {
        let logarithm = try named("ln(\(prime))").scaled(by: Rational(sign * count))
        total = try NormalArithmetic(budget: budget).sum(total, logarithm)
      }
    }
    return total
  }
}

extension NormalForm {
  /// The number that this form is times the other one; nil when there is none.
  fileprivate func ratio(to other: NormalForm) -> Rational? {
    if terms.isEmpty { return .zero }
    guard terms.count == other.terms.count, let (monomial, coefficient) = terms.first,
      let inverse = other.terms[monomial]?.reciprocal
    else { return nil }
    let ratio = coefficient * inverse
    return terms.allSatisfy { other.terms[$0.key].map { $0 * ratio } == $0.value } ? ratio : nil
  }
}
