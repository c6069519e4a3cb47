import BigInt

extension WrittenNumber {
  /// The value; nil when it has more digits than the limit allows.
  func expression(limits: Limits) -> Expression? {
    let fraction = fraction ?? ""
    guard (whole.utf8.count + fraction.utf8.count) * 4 <= limits.bits,
      let digits = Self.integer(whole + fraction), let scale = Self.tenToThe(fraction.utf8.count, limits: limits)
    else { return nil }
    var value = digits * scale.inverse
    if let repeating, let period = Self.integer(repeating),
      let full = Self.tenToThe(repeating.utf8.count, limits: limits),
      let tail = Rational((period * scale.inverse).numerator, (full.value - .one).numerator)
    {
      value = value + tail * (Rational(1, (period * scale.inverse).denominator) ?? .one)
      return .number(value)
    }
    guard let exponent else {
      return self.fraction == nil ? .number(value) : .decimal(value, places: fraction.utf8.count)
    }
    guard abs(exponent) * 4 <= limits.bits, let factor = Rational(10).power(exponent, limit: limits.bits) else {
      return .product([.number(value), .power(.int(10), .int(exponent))])
    }
    let places = max(0, fraction.utf8.count - exponent)
    return places == 0 ? .number(value * factor) : .decimal(value * factor, places: places)
  }

  private static func integer(_ digits: String) -> Rational? {
    if digits.utf8.count < 19 { return Int(digits).map { Rational($0) } }
    return BigInt(digits).map { Rational($0) }
  }

  private static func tenToThe(_ exponent: Int, limits: Limits) -> (value: Rational, inverse: Rational)? {
    guard let value = Rational(10).power(exponent, limit: limits.bits), let inverse = value.reciprocal else {
      return nil
    }
    return (value, inverse)
  }
}
