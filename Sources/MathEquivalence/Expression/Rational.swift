import BigInt

/// An exact fraction in lowest terms, with a positive denominator.
struct Rational: Hashable, Sendable {
  let numerator: BigInt
  let denominator: BigInt

  static let zero = Rational(0)
  static let one = Rational(1)

  init(_ value: Int) {
    numerator = BigInt(value)
    denominator = 1
  }

  init(_ value: BigInt) {
    numerator = value
    denominator = 1
  }

  /// Brings `numerator / denominator` to lowest terms; nil when the denominator is zero.
  init?(_ numerator: BigInt, _ denominator: BigInt) {
    guard !denominator.isZero else { return nil }
    let divisor = Rational.commonDivisor(numerator, denominator)
    let sign: BigInt = denominator.sign == .minus ? -1 : 1
    self.numerator = divisor == 1 ? numerator * sign : numerator / divisor * sign
    self.denominator = divisor == 1 ? denominator * sign : denominator / divisor * sign
  }

  /// The fraction of two machine integers; the denominator must not be zero.
  static func fraction(_ numerator: Int, _ denominator: Int) -> Rational {
    Rational(BigInt(numerator), BigInt(denominator)) ?? .zero
  }

  /// The number of the digits, with or without a point, in a base up to 36; nil if a digit does not belong to the base.
  init?(digits: String, base: Int) {
    let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= 2, digits.utf8.count < 400, let whole = BigInt(parts.joined(), radix: base) else { return nil }
    self.init(whole, BigInt(base).power(parts.count == 2 ? parts[1].count : 0))
  }

  private init(unchecked numerator: BigInt, _ denominator: BigInt) {
    self.numerator = numerator
    self.denominator = denominator
  }

  var isInteger: Bool { denominator == 1 }
  var isZero: Bool { numerator.isZero }
  var isNegative: Bool { numerator.sign == .minus && !numerator.isZero }
  var negated: Rational { Rational(unchecked: -numerator, denominator) }
  var magnitude: Rational { isNegative ? negated : self }
  var reciprocal: Rational? { Rational(denominator, numerator) }
  /// The bits needed to write the fraction down: the measure every limit is set in.
  var bits: Int { numerator.bitWidth + denominator.bitWidth }
  /// The value as a machine integer, when it is one.
  var int: Int? { isInteger ? Int(exactly: numerator) : nil }

  /// The nearest double, also for terms far beyond a double's range.
  var double: Double {
    if let top = Int32(exactly: numerator), let bottom = Int32(exactly: denominator) {
      return Double(top) / Double(bottom)
    }
    let shift = max(0, max(numerator.bitWidth, denominator.bitWidth) - 1000)
    if shift == 0 { return Double(numerator) / Double(denominator) }
    return Double(numerator >> shift) / Double(denominator >> shift)
  }

  /// The largest integer that is not greater.
  var floor: BigInt {
    let (quotient, remainder) = numerator.quotientAndRemainder(dividingBy: denominator)
    return remainder.sign == .minus && !remainder.isZero ? quotient - 1 : quotient
  }

  static func + (a: Rational, b: Rational) -> Rational {
    if a.isInteger && b.isInteger { return Rational(a.numerator + b.numerator) }
    return Rational(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator) ?? .zero
  }

  static func - (a: Rational, b: Rational) -> Rational { a + b.negated }

  static func * (a: Rational, b: Rational) -> Rational {
    if a.isInteger && b.isInteger { return Rational(a.numerator * b.numerator) }
    return Rational(a.numerator * b.numerator, a.denominator * b.denominator) ?? .zero
  }

  /// The power with an integer exponent; nil when it would need more than `limit` bits, or divides by zero.
  func power(_ exponent: Int, limit: Int) -> Rational? {
    if exponent < 0 { return reciprocal?.power(-exponent, limit: limit) }
    if exponent == 0 { return .one }
    if isZero || self == .one { return self }
    let length = max(numerator.magnitude.bitWidth, denominator.magnitude.bitWidth) - 1
    guard exponent <= limit, length * exponent <= limit else { return nil }
    return Rational(unchecked: numerator.power(exponent), denominator.power(exponent))
  }

  static func commonDivisor(_ a: BigInt, _ b: BigInt) -> BigInt {
    guard var x = UInt(exactly: a.magnitude), var y = UInt(exactly: b.magnitude) else {
      return BigInt(a.magnitude.greatestCommonDivisor(with: b.magnitude))
    }
    while y != 0 { (x, y) = (y, x % y) }
    return BigInt(x)
  }
}

extension Rational: Comparable {
  static func < (a: Rational, b: Rational) -> Bool {
    a.numerator * b.denominator < b.numerator * a.denominator
  }
}

extension Rational: CustomStringConvertible {
  var description: String { isInteger ? "\(numerator)" : "\(numerator)/\(denominator)" }
}
