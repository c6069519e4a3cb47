/// When a decimal may be taken for a rounded value.
///
/// A decimal of one digit or two says too little for that, and so does a whole number.
enum Rounding {
  /// How far the rounded value may be off, in proportion.
  static let largestShare = 0.0025

  /// The unit of the last digit; nil when the decimal is too short to be taken for a rounded value.
  static func unit(ofDecimal value: Rational, places: Int) -> Double? {
    guard places > 0, places <= 20, places >= 2 || value.magnitude >= Rational(10) else { return nil }
    var unit = 1.0
    for _ in 0..<places { unit /= 10 }
    return unit
  }

  /// Whether the value rounds to the decimal, or was cut off after its digits.
  static func rounds(_ value: Double, to decimal: Rational, places: Int) -> Verdict.Evidence? {
    guard let unit = unit(ofDecimal: decimal, places: places) else { return nil }
    let written = decimal.double
    let distance = abs(value - written)
    // Beyond a double's digits the distance is the double's.
    let isRounded = distance <= max(unit * 0.500_000_1, abs(value) * 4e-16)
    // Truncation is accepted only if its error is small.
    let isCutOff = places >= 3 && abs(value) > abs(written) && distance < unit
    guard isRounded || isCutOff, distance <= largestShare * abs(value) else { return nil }
    return .rounded(places: places)
  }

  /// The same of a value that is known exactly, however large or small it is.
  static func rounds(_ value: Rational, to decimal: Rational, places: Int) -> Verdict.Evidence? {
    guard unit(ofDecimal: decimal, places: places) != nil, let unit = Rational(10).power(-places, limit: 256) else {
      return nil
    }
    let distance = (value - decimal).magnitude
    let isRounded = distance * Rational(2) <= unit
    let isCutOff = places >= 3 && value.magnitude > decimal.magnitude && distance < unit
    guard isRounded || isCutOff, distance <= .fraction(1, 400) * value.magnitude else { return nil }
    return .rounded(places: places)
  }

  /// A percentage of three figures or more in whole numbers: 118 % for 117.95 %.
  static func roundsPercentage(_ value: Rational, to whole: Rational) -> Verdict.Evidence? {
    guard whole.isInteger, whole.magnitude >= Rational(100) else { return nil }
    return (value - whole).magnitude * Rational(2) <= .one ? .rounded(places: 0) : nil
  }
}

extension Comparison {
  /// Whether one value is a decimal that the other one rounds to.
  func rounding(_ a: Expression, _ b: Expression) throws(Exhausted) -> Verdict.Evidence? {
    switch (a, b) {
    case (.percent(.decimal(let value, _)), .percent(.number(let whole))),
      (.percent(.number(let whole)), .percent(.decimal(let value, _))):
      return Rounding.roundsPercentage(value, to: whole)
    case (.decimal(let x, let places), .decimal(let y, let others)):
      guard places != others else { return nil }
      return places < others
        ? Rounding.rounds(y, to: x, places: places) : Rounding.rounds(x, to: y, places: others)
    case (.decimal(let x, let places), let other), (let other, .decimal(let x, let places)):
      // No whole number is rounded: it is a unit or more away from any other decimal.
      if case .number(let value) = other { return Rounding.rounds(value, to: x, places: places) }
      guard let value = constant(other), value.isReal, abs(value.real) < 1e15 else { return nil }
      return Rounding.rounds(value.real, to: x, places: places)
    default: return try roundingWithin(a, b)
    }
  }

  /// `x + 1.414i` for `x + √2 i`: decimals within one side, and only within one.
  private func roundingWithin(_ a: Expression, _ b: Expression) throws(Exhausted) -> Verdict.Evidence? {
    guard let places = a.fewestPlaces ?? b.fewestPlaces, a.fewestPlaces == nil || b.fewestPlaces == nil else {
      return nil
    }
    var rounded = self
    rounded.decimalsAreRounded = true
    return try rounded.equalNumerically(a, b).map { _ in .rounded(places: places) }
  }
}

extension Expression {
  /// The places of the shortest decimal within that may be rounded.
  var fewestPlaces: Int? {
    if case .decimal(let value, let places) = self {
      return Rounding.unit(ofDecimal: value, places: places) == nil ? nil : places
    }
    return children.compactMap(\.fewestPlaces).min()
  }
}
