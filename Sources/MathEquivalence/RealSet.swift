/// A set of real numbers as pieces: `x < 3`, `(−∞, 3)` and `{x | x < 3}` have the same ones.
struct RealSet {
  struct Piece {
    var lower: Expression
    var upper: Expression
    var closed: Expression.Ends

    init(lower: Expression, upper: Expression, closed: Expression.Ends) {
      self.lower = lower
      self.upper = upper
      self.closed = closed
    }

    /// A single number.
    init(point: Expression) {
      self.init(lower: point, upper: point, closed: .init(lower: true, upper: true))
    }
  }

  var pieces: [Piece]

  init(pieces: [Piece]) { self.pieces = pieces }

  private static let minusInfinity = Expression.infinity.negated

  /// The set an answer describes; nil when it describes none. A pair counts as an open interval.
  init?(_ expression: Expression) {
    switch expression {
    case .interval(let low, let high, let ends):
      self.init(pieces: [Piece(lower: low, upper: high, closed: ends)])
    case .tuple(let parts):
      guard parts.count == 2 else { return nil }
      self.init(pieces: [Piece(lower: parts[0], upper: parts[1], closed: .open)])
    case .union(let parts): self.init(union: parts)
    case .set(let parts):
      self.init(pieces: parts.map(Piece.init(point:)))
    case .difference(.symbol("ℝ"), .set(let points)):
      guard points.count == 1 else { return nil }
      self.init(pieces: Self.everything(but: points[0]))
    case .symbol("ℝ"):
      self.init(pieces: [Piece(lower: Self.minusInfinity, upper: .infinity, closed: .open)])
    case .relation(let sides, let signs): self.init(sides, signs)
    default: return nil
    }
  }

  private init?(union parts: [Expression]) {
    var pieces: [Piece] = []
    for part in parts {
      guard let set = RealSet(part) else { return nil }
      pieces += set.pieces
    }
    self.init(pieces: pieces)
  }

  private init?(_ sides: [Expression], _ signs: [Expression.Relation]) {
    switch (sides.count, signs) {
    case (2, [.element]):
      guard case .symbol = sides[0], let set = RealSet(sides[1]) else { return nil }
      self = set
    case (2, [.notEqual]):
      guard case .symbol = sides[0] else { return nil }
      self.init(pieces: Self.everything(but: sides[1]))
    case (2, [.equal]):
      guard case .symbol = sides[0] else { return nil }
      self.init(pieces: [Piece(point: sides[1])])
    case (2, _) where signs[0].isOrder: self.init(sides[0], signs[0], sides[1])
    case (3, _) where signs.allSatisfy(\.isOrder): self.init(between: sides, signs)
    default: return nil
    }
  }

  /// `x < 3`, `3 > x`, and `2x + 1 < 7`.
  private init?(_ left: Expression, _ sign: Expression.Relation, _ right: Expression) {
    if case .function("abs", let inner) = left, case .symbol = inner[0] {
      self.init(distance: sign, right)
      return
    }
    guard let (_, bound, flips) = Self.solved(left, right) else { return nil }
    let sign = flips ? sign.reversed : sign
    let isClosed = !sign.isStrict
    if sign == .less || sign == .lessOrEqual {
      self.init(pieces: [
        Piece(lower: Self.minusInfinity, upper: bound, closed: .init(lower: false, upper: isClosed))
      ])
    } else {
      self.init(pieces: [Piece(lower: bound, upper: .infinity, closed: .init(lower: isClosed, upper: false))])
    }
  }

  /// `|x| < c` is an interval, `|x| > c` are two.
  private init?(distance sign: Expression.Relation, _ bound: Expression) {
    let isClosed = !sign.isStrict
    if sign == .less || sign == .lessOrEqual {
      self.init(pieces: [
        Piece(lower: bound.negated, upper: bound, closed: .init(lower: isClosed, upper: isClosed))
      ])
    } else {
      self.init(pieces: [
        Piece(lower: Self.minusInfinity, upper: bound.negated, closed: .init(lower: false, upper: isClosed)),
        Piece(lower: bound, upper: .infinity, closed: .init(lower: isClosed, upper: false)),
      ])
    }
  }

  /// `a < x ≤ b`, in either direction; `a ≤ |x| ≤ b` has two pieces.
  private init?(between sides: [Expression], _ signs: [Expression.Relation]) {
    let goesUp = signs.allSatisfy { $0 == .less || $0 == .lessOrEqual }
    guard goesUp || signs.allSatisfy({ $0 == .greater || $0 == .greaterOrEqual }) else { return nil }
    let low = goesUp ? sides[0] : sides[2]
    let high = goesUp ? sides[2] : sides[0]
    let ends = Expression.Ends(
      lower: !(goesUp ? signs[0] : signs[1]).isStrict, upper: !(goesUp ? signs[1] : signs[0]).isStrict)
    switch sides[1] {
    case .symbol(let name) where !low.freeSymbols.contains(name) && !high.freeSymbols.contains(name):
      pieces = [Piece(lower: low, upper: high, closed: ends)]
    case .function("abs", let inner):
      guard case .symbol = inner[0] else { return nil }
      pieces = [
        Piece(lower: high.negated, upper: low.negated, closed: .init(lower: ends.upper, upper: ends.lower)),
        Piece(lower: low, upper: high, closed: ends),
      ]
    case .function(let call, _) where call.hasPrefix("call "):
      pieces = [Piece(lower: low, upper: high, closed: ends)]
    default: return nil
    }
  }

  private static func everything(but point: Expression) -> [Piece] {
    [
      Piece(lower: minusInfinity, upper: point, closed: .open), Piece(lower: point, upper: .infinity, closed: .open),
    ]
  }

  /// Solves `left = right` for the one letter it is linear in; whether the direction turns with it.
  private static func solved(
    _ left: Expression, _ right: Expression
  ) -> (name: String, bound: Expression, flips: Bool)? {
    if case .symbol(let name) = left, !right.freeSymbols.contains(name) { return (name, right, false) }
    if case .symbol(let name) = right, !left.freeSymbols.contains(name) { return (name, left, true) }
    let symbols = left.freeSymbols.union(right.freeSymbols)
    guard symbols.count == 1, let name = symbols.first,
      let form = try? Normalizer(budget: Budget()).normalForm(.sum([left, right.negated]))
    else { return nil }
    let unit = Monomial(factors: [.init(atom: .symbol(name), exponent: .one)])
    let rest = form.terms.filter { !$0.key.factors.isEmpty }
    guard rest.count == 1, let slope = rest[unit], let inverse = slope.reciprocal else { return nil }
    let constant = form.terms[Monomial()] ?? .zero
    return (name, .number((constant * inverse).negated), slope.isNegative)
  }
}
