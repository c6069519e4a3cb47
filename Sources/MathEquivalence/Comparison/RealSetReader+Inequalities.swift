extension RealSetReader {
  /// `x < 3`, `3 > x`, `|x| > 2` and `2x + 1 < 7`.
  func inequality(_ left: Expression, _ sign: Expression.Relation, _ right: Expression) -> RealSet? {
    if case .function("abs", let inner) = left, case .symbol = inner[0] {
      var set = RealSet(pieces: [
        .init(lower: bound(right.negated, !sign.isStrict), upper: bound(right, !sign.isStrict))
      ])
      if sign == .greater || sign == .greaterOrEqual {
        set.pieces[0] = .init(lower: bound(right.negated, sign.isStrict), upper: bound(right, sign.isStrict))
        set = set.complement
      }
      set.variable = inner[0]
      return set
    }
    guard let (variable, value, flips) = Self.solved(left, right) else { return nil }
    let sign = flips ? sign.reversed : sign
    let end = bound(value, !sign.isStrict)
    let isBelow = sign == .less || sign == .lessOrEqual
    return RealSet(
      variable: variable == .unnamed ? nil : variable,
      pieces: [.init(lower: isBelow ? .lowest : end, upper: isBelow ? end : .highest)])
  }

  /// `a < x ≤ b`, in either direction; `a ≤ |x| ≤ b` has two pieces.
  func between(_ sides: [Expression], _ signs: [Expression.Relation]) -> RealSet? {
    let goesUp = signs.allSatisfy { $0 == .less || $0 == .lessOrEqual }
    guard goesUp || signs.allSatisfy({ $0 == .greater || $0 == .greaterOrEqual }) else { return nil }
    let (low, high) = goesUp ? (sides[0], sides[2]) : (sides[2], sides[0])
    let (lowSign, highSign) = goesUp ? (signs[0], signs[1]) : (signs[1], signs[0])
    let piece = RealSet.Piece(lower: bound(low, !lowSign.isStrict), upper: bound(high, !highSign.isStrict))
    switch sides[1] {
    case .symbol(let name) where !low.freeSymbols.contains(name) && !high.freeSymbols.contains(name):
      return RealSet(variable: sides[1], pieces: [piece])
    case .function("abs", let inner):
      guard case .symbol = inner[0] else { return nil }
      let mirrored = RealSet.Piece(
        lower: bound(high.negated, !highSign.isStrict), upper: bound(low.negated, !lowSign.isStrict))
      return RealSet(variable: inner[0], pieces: [mirrored, piece])
    case .function(let call, _) where call.hasPrefix("call "): return RealSet(variable: sides[1], pieces: [piece])
    default: return nil
    }
  }

  /// Solves `left = right` for the one letter it is linear in; whether the direction turns with it.
  private static func solved(
    _ left: Expression, _ right: Expression
  ) -> (variable: Expression, bound: Expression, flips: Bool)? {
    if case .symbol(let name) = left, !right.freeSymbols.contains(name) { return (left, right, false) }
    if case .symbol(let name) = right, !left.freeSymbols.contains(name) { return (right, left, true) }
    let symbols = left.freeSymbols.union(right.freeSymbols)
    guard symbols.count == 1, let name = symbols.first,
      let form = try? Normalizer(budget: Budget()).normalForm(.sum([left, right.negated]))
    else { return nil }
    let unit = Monomial(factors: [.init(atom: .symbol(name), exponent: .one)])
    let rest = form.terms.filter { !$0.key.factors.isEmpty }
    guard rest.count == 1, let slope = rest[unit], let inverse = slope.reciprocal else { return nil }
    let constant = form.terms[Monomial()] ?? .zero
    return (.symbol(name), .number((constant * inverse).negated), slope.isNegative)
  }
}
