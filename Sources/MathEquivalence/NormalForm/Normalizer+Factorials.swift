import BigInt

extension Normalizer {
  /// `1500!/1499!`: each large factorial above the line against one below it, as the factors between them.
  func withoutLargeFactorials(_ parts: [Expression]) throws(Exhausted) -> [Expression]? {
    var (rest, above, below) = ([Expression](), [Int](), [Int]())
    func add(_ part: Expression, isInverse: Bool) {
      switch part {
      case .product(let factors): for factor in factors { add(factor, isInverse: isInverse) }
      case .power(let base, .number(let exponent)) where exponent == Rational(-1): add(base, isInverse: !isInverse)
      default:
        if let count = part.largeFactorial {
          if isInverse { below.append(count) } else { above.append(count) }
        } else {
          rest.append(isInverse ? part.reciprocal : part)
        }
      }
    }
    for part in parts { add(part, isInverse: false) }
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
  /// The n of n! where that is too large to be worked out.
  fileprivate var largeFactorial: Int? {
    guard case .function("factorial", let arguments) = self, let count = arguments[0].literal?.int,
      count > ExactFunctions.largestFactorial
    else { return nil }
    return count
  }
}
