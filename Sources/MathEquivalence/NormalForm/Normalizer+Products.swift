import BigInt

extension Normalizer {
  /// A product whose large powers and factorials are cut down before they are worked out; nil when it has none.
  func reducedFactors(_ parts: [Expression]) throws(Exhausted) -> [Expression]? {
    var factors: [(part: Expression, isInverse: Bool)] = []
    func add(_ part: Expression, isInverse: Bool) {
      switch part {
      case .product(let inner): for factor in inner { add(factor, isInverse: isInverse) }
      case .power(let base, .number(let exponent)) where exponent == Rational(-1): add(base, isInverse: !isInverse)
      default: factors.append((part, isInverse))
      }
    }
    for part in parts { add(part, isInverse: false) }
    guard factors.contains(where: { $0.part.largeFactorial != nil || $0.part.largePower != nil }) else { return nil }
    let powers = reducedPowers(factors)
    return try reducedFactorials(powers) ?? powers.map { $0.isInverse ? $0.part.reciprocal : $0.part }
  }

  /// `10^{1000}/10^{998}`: powers of one number as one power.
  private func reducedPowers(
    _ factors: [(part: Expression, isInverse: Bool)]
  ) -> [(part: Expression, isInverse: Bool)] {
    var rest: [(part: Expression, isInverse: Bool)] = []
    var powers: [(base: Expression, exponent: Rational)] = []
    for factor in factors {
      guard let (base, exponent) = factor.part.largePower else {
        rest.append(factor)
        continue
      }
      let signed = factor.isInverse ? exponent.negated : exponent
      if let index = powers.firstIndex(where: { $0.base == base }) {
        powers[index].exponent = powers[index].exponent + signed
      } else {
        powers.append((base, signed))
      }
    }
    return rest + powers.map { (.power($0.base, .number($0.exponent)), false) }
  }

  /// `1500!/1499!`: each large factorial above the line against one below it, as the factors between them.
  private func reducedFactorials(
    _ factors: [(part: Expression, isInverse: Bool)]
  ) throws(Exhausted) -> [Expression]? {
    var (rest, above, below) = ([Expression](), [Int](), [Int]())
    for (part, isInverse) in factors {
      if let count = part.largeFactorial {
        if isInverse { below.append(count) } else { above.append(count) }
      } else {
        rest.append(isInverse ? part.reciprocal : part)
      }
    }
    guard !above.isEmpty, above.count == below.count else { return nil }
    for (top, bottom) in zip(above.sorted(), below.sorted()) {
      let (low, high) = (min(top, bottom), max(top, bottom))
      guard high - low <= 400 else { return nil }
      try budget.spend(high - low)
      var product = BigInt(1)
      for step in 0..<(high - low) { product *= BigInt(high - step) }
      let factor = Expression.number(Rational(product))
      rest.append(top >= bottom ? factor : factor.reciprocal)
    }
    return rest
  }
}

extension Expression {
  /// A number and the whole exponent, of hundreds or more, that it is raised to.
  fileprivate var largePower: (base: Expression, exponent: Rational)? {
    guard case .power(let base, let exponent) = self, let number = base.literal, number > .zero,
      let value = exponent.literal, value.isInteger, value.magnitude > Rational(200)
    else { return nil }
    return (.number(number), value)
  }

  /// The n of n! if n! is too large to be worked out.
  fileprivate var largeFactorial: Int? {
    guard case .function("factorial", let arguments) = self, let count = arguments[0].literal?.int,
      count > ExactFunctions.largestFactorial
    else { return nil }
    return count
  }
}
