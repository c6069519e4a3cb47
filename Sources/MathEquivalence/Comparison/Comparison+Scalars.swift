extension Comparison {
  /// Compares two single values, each in every way it may be meant.
  func compareScalars(_ a: Expression, _ b: Expression) throws(Exhausted) -> Outcome {
    for (first, second) in Self.readings(a, b) {
      if let evidence = try equalValues(first, second) { return .equal(evidence) }
    }
    if case .percent = a, case .percent = b, let evidence = try rounding(a, b) { return .equal(evidence) }
    if let bare = a.withoutUnitLetters(against: b.withoutUnit) { return try compareScalars(bare, b) }
    if let bare = b.withoutUnitLetters(against: a.withoutUnit) { return try compareScalars(a, bare) }
    if let evidence = try equalWithRenamedLetter(a, b) { return .equal(evidence) }
    return .different(.values)
  }

  /// 10% is a tenth, or the 10 of "how many per cent"; 30° is an angle, or the 30 of "how many degrees".
  private static func readings(_ a: Expression, _ b: Expression) -> [(Expression, Expression)] {
    if let first = a.quantity(besides: b), let second = b.quantity(besides: a), first.unit == second.unit {
      return [(first.value, second.value)]
    }
    if let first = a.quantity(besides: b), let second = b.quantity(besides: a),
      let one = Units.unit(first.unit), let other = Units.unit(second.unit), one.dimension == other.dimension
    {
      if one.scale == other.scale { return [(first.value, second.value)] }
      return [(.product([.number(one.scale), first.value]), .product([.number(other.scale), second.value]))]
    }
    // Degrees are no dollars, and 3 pm is not 3 am.
    if let kind = a.kindOfMeasure, let other = b.kindOfMeasure, kind != other { return [] }
    let first = a.withoutUnit
    let second = b.withoutUnit
    switch (first, second) {
    case (.percent(let x), .percent(let y)), (.degrees(let x), .degrees(let y)): return [(x, y)]
    case (.function("residue", _), .function("residue", _)): return [(first, second)]
    default: return first.meanings.flatMap { one in second.meanings.map { (one, $0) } }
    }
  }

  /// By normal form, then by evaluation, then by rounding.
  private func equalValues(_ a: Expression, _ b: Expression) throws(Exhausted) -> Verdict.Evidence? {
    if a == b { return .normalForm }
    if let x = a.literal, let y = b.literal {
      return x == y ? .exactly : try rounding(a, b)
    }
    if let outcome = Self.compareNumerals(a, b) { return outcome ? .exactly : nil }
    switch compareNormalForms(a, b) {
    case .equal(let evidence)?: return evidence
    case .different?: return try rounding(a, b)
    case nil: break
    }
    if let points = try equalNumerically(a, b) { return .numerically(points: points) }
    return try rounding(a, b)
  }

  /// Numbers written in a base: digit by digit in the same base; a bare number may leave the base out.
  private static func compareNumerals(_ a: Expression, _ b: Expression) -> Bool? {
    switch (a, b) {
    case (.numeral(let x, let base), .numeral(let y, let other)):
      if base == other { return x == y }
      guard let first = Rational(digits: x, base: base), let second = Rational(digits: y, base: other) else {
        return false
      }
      return first == second
    case (.numeral(let digits, let base), .number(let value)), (.number(let value), .numeral(let digits, let base)):
      return digits == value.description || Rational(digits: digits, base: base) == value
    case (.numeral(let digits, let base), .decimal(let value, _)),
      (.decimal(let value, _), .numeral(let digits, let base)):
      return Rational(digits: digits, base: 10) == value || Rational(digits: digits, base: base) == value
    default: return nil
    }
  }

  /// The outcome as far as normal forms decide it; nil if they do not, or would grow too large.
  private func compareNormalForms(_ a: Expression, _ b: Expression) -> Outcome? {
    let normalizer = Normalizer(budget: budget, logIsDecimal: logIsDecimal)
    let forms = budget.attempt(steps: budget.limits.stepsOfNormalForm) { () throws(Exhausted) in
      (try normalizer.normalForm(a), try normalizer.normalForm(b))
    }
    guard let (first, second) = forms else { return nil }
    if first == second {
      return .equal(first.rational == nil && !first.isIndependent ? .normalForm : .exactly)
    }
    return first.isIndependent && second.isIndependent ? .different(.values) : nil
  }
}

extension Expression {
  /// The values a percentage or an angle may stand for.
  var meanings: [Expression] {
    switch self {
    case .percent(.decimal(let value, let places)):
      [.decimal(value * .fraction(1, 100), places: places + 2), .decimal(value, places: places)]
    case .percent(let inner): [.product([inner, .number(.fraction(1, 100))]), inner]
    case .degrees(let inner): [.product([inner, .pi, .number(.fraction(1, 180))]), inner]
    case .function("residue", let parts): [self, parts[0]]
    default: [self]
    }
  }
}
