extension Comparison {
  /// Compares intervals, inequalities and their unions; nil when neither side is one.
  func compareRealSets(_ a: Expression, _ b: Expression) throws(Exhausted) -> Outcome? {
    guard a.isRealSet || b.isRealSet else { return nil }
    let reader = RealSetReader(position: position)
    if let first = reader.set(a), let second = reader.set(b) {
      let outcome = try compare(first, second)
      if outcome.evidence != nil || !(a.isOrderRelation && b.isOrderRelation) { return outcome }
    }
    if a.isOrderRelation, b.isOrderRelation { return try compareChains(a, b) }
    switch (a, b) {
    case (.union(let first), .union(let second)), (.intersection(let first), .intersection(let second)),
      (.conjunction(let first), .conjunction(let second)), (.list(let first), .list(let second)),
      (.union(let first), .list(let second)), (.list(let first), .union(let second)),
      (.conjunction(let first), .list(let second)), (.list(let first), .conjunction(let second)):
      return try compareInAnyOrder(first, second)
    case (.difference(let x, let y), .difference(let u, let v)): return try compareInOrder([x, y], [u, v])
    default: return a.isCollection || b.isCollection ? nil : .different(.shape)
    }
  }

  private func compare(_ first: RealSet, _ second: RealSet) throws(Exhausted) -> Outcome {
    guard first.pieces.count == second.pieces.count else { return .different(.members) }
    var weakest = Verdict.Evidence.normalForm
    for (a, b) in zip(first.pieces, second.pieces) {
      guard let low = try equal(a.lower, b.lower), let high = try equal(a.upper, b.upper) else {
        return .different(.members)
      }
      weakest = .weaker(weakest, .weaker(low, high))
    }
    return .equal(weakest)
  }

  private func equal(_ a: RealSet.Bound, _ b: RealSet.Bound) throws(Exhausted) -> Verdict.Evidence? {
    guard a.isClosed == b.isClosed else { return nil }
    return a.value == b.value ? .normalForm : try compareScalars(a.value, b.value).evidence
  }

  /// Where a bound lies on the real line; nil when it is no real number.
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
    case .relation(_, let signs): isOrderRelation || signs == [.notElement]
    case .symbol(let name): name.hasPrefix("ℝ")
    case .list(let parts): parts.contains(where: \.isOrderRelation)
    case .sum(let parts): parts[0].isRealSet
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
