/// Reads intervals, inequalities and what joins them as sets of real numbers.
struct RealSetReader {
  /// Where an expression lies on the real line; nil when it is no real number.
  let position: (Expression) -> Double?

  /// The set an answer describes; nil when it describes none. A pair counts as an open interval.
  func set(_ expression: Expression) -> RealSet? {
    switch expression {
    case .interval(let low, let high, let ends):
      RealSet(pieces: [.init(lower: bound(low, ends.lower), upper: bound(high, ends.upper))])
    case .tuple(let parts) where parts.count == 2:
      RealSet(pieces: [.init(lower: bound(parts[0], false), upper: bound(parts[1], false))])
    case .set(let points): union(points.map { point($0) })
    case .symbol("ℝ"): .everything
    case .symbol("ℝ+"), .symbol("ℝ_>0"): RealSet(pieces: [.init(lower: bound(.zero, false), upper: .highest)])
    case .symbol("ℝ-"), .symbol("ℝ_<0"): RealSet(pieces: [.init(lower: .lowest, upper: bound(.zero, false))])
    case .union(let parts): union(parts.map { set($0) })
    case .intersection(let parts), .conjunction(let parts): intersection(parts.map { set($0) })
    case .difference(let whole, let part): difference(whole, part)
    case .sum(let parts): difference(parts)
    case .list(let parts): conditions(parts)
    case .relation(let sides, let signs): relation(sides, signs)
    default: nil
    }
  }

  func bound(_ value: Expression, _ isClosed: Bool) -> RealSet.Bound {
    .init(value: value, position: position(value), isClosed: isClosed)
  }

  private func point(_ value: Expression) -> RealSet {
    RealSet(pieces: [.init(lower: bound(value, true), upper: bound(value, true))])
  }

  private func union(_ sets: [RealSet?]) -> RealSet? {
    var result = RealSet(pieces: [])
    for set in sets {
      guard let set, let joined = result.union(set) else { return nil }
      result = joined
    }
    return result
  }

  private func intersection(_ sets: [RealSet?]) -> RealSet? {
    var result = RealSet.everything
    for set in sets {
      guard let set, let common = result.intersection(set) else { return nil }
      result = common
    }
    return result
  }

  private func difference(_ whole: Expression, _ part: Expression) -> RealSet? {
    guard let first = set(whole), let second = set(part) else { return nil }
    return first.intersection(second.complement)
  }

  /// `{x | x < 3} - {1}`: a minus sign between sets takes one from the other.
  private func difference(_ parts: [Expression]) -> RealSet? {
    guard parts.count == 2, parts[0].isRealSet, case .product(let factors) = parts[1], factors.count == 2,
      factors[0] == .int(-1)
    else { return nil }
    return difference(parts[0], factors[1])
  }

  /// Conditions side by side, `x > 0, x < 1`, hold together, unless they cannot: `x < 0, x > 1`.
  private func conditions(_ parts: [Expression]) -> RealSet? {
    guard parts.contains(where: \.isOrderRelation) else { return nil }
    if case .relation(let sides, [.notEqual]) = parts[0], parts.dropFirst().allSatisfy({ $0.freeSymbols.isEmpty }) {
      // x ≠ 1, 2
      return intersection(([sides[1]] + parts.dropFirst()).map { relation([sides[0], $0], [.notEqual]) })
    }
    let sets = parts.map { $0.isRelation ? set($0) : nil }
    guard let common = intersection(sets) else { return nil }
    return common.pieces.isEmpty ? union(sets) : common
  }

  private func relation(_ sides: [Expression], _ signs: [Expression.Relation]) -> RealSet? {
    switch (sides.count, signs) {
    case (2, [.element]): named(sides[0]) { set(sides[1]) }
    case (2, [.notElement]): named(sides[0]) { set(sides[1])?.complement }
    case (2, [.notEqual]): named(sides[0]) { point(sides[1]).complement }
    case (2, [.equal]): named(sides[0]) { point(sides[1]) }
    case (2, _) where signs[0].isOrder: inequality(sides[0], signs[0], sides[1])
    case (3, _) where signs.allSatisfy(\.isOrder): between(sides, signs)
    default: nil
    }
  }

  private func named(_ variable: Expression, _ set: () -> RealSet?) -> RealSet? {
    guard case .symbol = variable, var set = set() else { return nil }
    set.variable = variable == .unnamed ? nil : variable
    return set
  }
}
