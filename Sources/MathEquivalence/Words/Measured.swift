extension Expression {
  /// Puts a unit on the value: in `x = 5 cm` the unit is the right side's.
  func measured(in unit: String) -> Expression {
    if case .relation(var sides, let signs) = self, let last = sides.popLast() {
      return .relation(sides + [last.measured(in: unit)], signs)
    }
    if Units.isPercent(unit) { return .percent(self) }
    if let power = Units.powerOfTen(unit) { return .product([self, .power(.int(10), .int(power))]) }
    if Units.isDegree(unit) { return .degrees(self) }
    return .quantity(self, unit: unit)
  }

  /// The value without its unit, if it has one.
  var withoutUnit: Expression {
    if case .quantity(let value, _) = self { return value.withoutUnit }
    return self
  }

  /// What is measured, as far as the dress of the value tells: "share", "degrees", "length", "pm".
  var kindOfMeasure: String? {
    switch self {
    case .percent, .ratio: "share"
    case .degrees: "degrees"
    case .quantity(_, let unit): Units.halfOfDay(unit) ?? Units.unit(unit)?.dimension.prefix { $0 != "^" }.description
    default: nil
    }
  }

  /// The value and its unit. Beside a quantity `3m` is three metres, not three times m.
  func quantity(besides other: Expression) -> (value: Expression, unit: String)? {
    if case .quantity(let value, let unit) = self { return (value, unit) }
    guard case .quantity = other, case .product(let factors) = self, case .symbol(let unit)? = factors.last,
      factors.count > 1, factors.dropLast().allSatisfy({ $0.freeSymbols.isEmpty })
    else { return nil }
    return (Parser.product(Array(factors.dropLast())), unit)
  }

  /// Units of several letters, "9.8 m/s^2", left out; nil unless the other side is a bare number.
  func withoutUnitLetters(against other: Expression) -> Expression? {
    guard case .product(let factors) = self, other.freeSymbols.isEmpty, !other.isCollection else { return nil }
    let numbers = factors.filter { !$0.isUnitLetter }
    let letters = factors.filter(\.isUnitLetter).flatMap { if case .product(let parts) = $0 { parts } else { [$0] } }
    guard letters.count > 1 || letters == [.symbol("Ω")], !numbers.isEmpty,
      numbers.allSatisfy({ $0.freeSymbols.isEmpty }), factors[0].freeSymbols.isEmpty
    else { return nil }
    return Parser.product(numbers)
  }

  private var isUnitLetter: Bool {
    switch self {
    case .symbol(let name): ["m", "s", "g", "h", "L", "N", "J", "W", "V", "A", "K", "Ω"].contains(name)
    case .power(let base, let exponent): base.isUnitLetter && exponent.literal?.isInteger == true
    case .product(let parts): parts.allSatisfy(\.isUnitLetter)
    default: false
    }
  }
}
