extension Comparison {
  /// Whether a statement without letters is true, `{1} ⊆ {1, 2}` or `2 < 1`; nil if it cannot be decided.
  func truth(of statement: Expression) -> Bool? {
    guard case .relation(let sides, let signs) = statement, sides.count == 2, let sign = signs.first,
      statement.freeSymbols.isEmpty
    else { return nil }
    switch sign {
    case .subset: return isSubset(sides[0], of: sides[1])
    case .superset: return isSubset(sides[1], of: sides[0])
    case .equal: return try? equal(sides[0], sides[1]) != nil
    case .notEqual: return try? equal(sides[0], sides[1]) == nil
    case .less, .lessOrEqual, .greater, .greaterOrEqual:
      guard let a = constant(sides[0]), let b = constant(sides[1]), a.isReal, b.isReal else { return nil }
      if a.agreement(with: b) != .different { return sign.isStrict ? nil : true }
      return (a.real < b.real) == (sign == .less || sign == .lessOrEqual)
    default: return nil
    }
  }

  private func isSubset(_ part: Expression, of whole: Expression) -> Bool? {
    guard let members = part.finiteMembers, let others = whole.finiteMembers else { return nil }
    for member in members {
      guard let isIn = try? others.contains(where: { try equal(member, $0) != nil }) else { return nil }
      if !isIn { return false }
    }
    return true
  }
}

extension Expression {
  /// The members of a finite set; braces around a single number may have been lost.
  fileprivate var finiteMembers: [Expression]? {
    switch self {
    case .set(let parts): parts
    case .number, .decimal: [self]
    default: nil
    }
  }
}
