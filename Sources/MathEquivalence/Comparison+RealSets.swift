extension Comparison {
  /// Compares intervals, inequalities and their unions; nil when neither side is one.
  func compareRealSets(_ a: Expression, _ b: Expression) throws(Exhausted) -> Outcome? {
    guard a.isRealSet || b.isRealSet else { return nil }
    if let first = RealSet(a), let second = RealSet(b) {
      let outcome = try compare(sorted(first), sorted(second))
      if outcome.evidence != nil || !(a.isOrderRelation && b.isOrderRelation) { return outcome }
    }
    if a.isOrderRelation, b.isOrderRelation { return try compareChains(a, b) }
    switch (a, b) {
    case (.union(let first), .union(let second)), (.intersection(let first), .intersection(let second)),
      (.conjunction(let first), .conjunction(let second)), (.union(let first), .list(let second)),
      (.list(let first), .union(let second)):
      return try compareInAnyOrder(first, second)
    case (.difference(let x, let y), .difference(let u, let v)): return try compareInOrder([x, y], [u, v])
    case (.conjunction(let parts), let other), (let other, .conjunction(let parts)):
      guard let merged = Self.merged(parts) else { return .different(.shape) }
      return try compare(merged, other)
    default: return a.isCollection || b.isCollection ? nil : .different(.shape)
    }
  }

  /// Two bounds of the same letter that hold together are one interval.
  private static func merged(_ parts: [Expression]) -> Expression? {
    guard parts.count == 2, let first = RealSet(parts[0])?.pieces, let second = RealSet(parts[1])?.pieces,
      first.count == 1, second.count == 1
    else { return nil }
    for (below, above) in [(first[0], second[0]), (second[0], first[0])]
    where above.lower == Expression.infinity.negated && below.upper == .infinity {
      return .interval(
        below.lower, above.upper, closed: .init(lower: below.closed.lower, upper: above.closed.upper))
    }
    return nil
  }

  private func compare(_ first: RealSet, _ second: RealSet) throws(Exhausted) -> Outcome {
    guard first.pieces.count == second.pieces.count else { return .different(.members) }
    var weakest = Verdict.Evidence.normalForm
    for (a, b) in zip(first.pieces, second.pieces) {
      guard a.closed == b.closed, let low = try bound(a.lower, b.lower), let high = try bound(a.upper, b.upper) else {
        return .different(.members)
      }
      weakest = .weaker(weakest, .weaker(low, high))
    }
    return .equal(weakest)
  }

  private func bound(_ a: Expression, _ b: Expression) throws(Exhausted) -> Verdict.Evidence? {
    a == b ? .normalForm : try compareScalars(a, b).evidence
  }

  /// The pieces from left to right, joined where they touch; in the order written when a bound is no number.
  private func sorted(_ set: RealSet) -> RealSet {
    var pieces: [(low: Double, high: Double, piece: RealSet.Piece)] = []
    for piece in set.pieces {
      guard let low = position(piece.lower), let high = position(piece.upper) else { return set }
      pieces.append((low, high, piece))
    }
    pieces.sort { ($0.low, $0.high) < ($1.low, $1.high) }
    var joined: [(low: Double, high: Double, piece: RealSet.Piece)] = []
    for next in pieces {
      guard let last = joined.last else {
        joined.append(next)
        continue
      }
      let touches =
        next.low < last.high || (next.low == last.high && (next.piece.closed.lower || last.piece.closed.upper))
      guard touches else {
        joined.append(next)
        continue
      }
      var merged = last
      if next.low == last.low, next.piece.closed.lower { merged.piece.closed.lower = true }
      if next.high > last.high {
        merged.high = next.high
        merged.piece.upper = next.piece.upper
        merged.piece.closed.upper = next.piece.closed.upper
      } else if next.high == last.high, next.piece.closed.upper {
        merged.piece.closed.upper = true
      }
      joined[joined.count - 1] = merged
    }
    return RealSet(pieces: joined.map(\.piece))
  }

  private func position(_ bound: Expression) -> Double? {
    if bound == .infinity { return .infinity }
    if bound == Expression.infinity.negated { return -.infinity }
    guard let value = constant(bound), value.isReal else { return nil }
    return value.real
  }

  /// `f(2) < f(1)`, `b < a < d`, `x^2 > y`: side by side in either direction, or up to a positive factor.
  private func compareChains(_ a: Expression, _ b: Expression) throws(Exhausted) -> Outcome {
    guard case .relation(let sides, let signs) = a, case .relation(let others, let otherSigns) = b,
      sides.count == others.count
    else { return .different(.shape) }
    if signs == otherSigns, let evidence = try compareInOrder(sides, others).evidence { return .equal(evidence) }
    let reversed = otherSigns.reversed().map(\.reversed)
    if signs == reversed, let evidence = try compareInOrder(sides, others.reversed()).evidence {
      return .equal(evidence)
    }
    guard sides.count == 2,
      let ratio = try constantRatio(
        .sum([sides[0], sides[1].negated]), .sum([others[0], others[1].negated]))
    else { return .different(.values) }
    return signs[0] == (ratio > 0 ? otherSigns[0] : otherSigns[0].reversed)
      ? .equal(.numerically(points: 4)) : .different(.values)
  }
}

extension Expression {
  /// Whether it can only be a set of numbers: a pair or a finite set is one too, but may be something else.
  var isRealSet: Bool {
    switch self {
    case .interval, .union, .intersection, .difference, .conjunction: true
    case .relation: isOrderRelation
    case .symbol(let name): name == "ℝ"
    default: false
    }
  }

  var isCollection: Bool {
    switch self {
    case .list, .tuple, .set: true
    default: false
    }
  }
}
