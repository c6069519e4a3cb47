extension Expression {
  /// `3i + 4j` as `(3, 4)` if the other answer is a tuple or a column; nil when it is no sum of unit vectors.
  func unitVectors(like other: Expression) -> Expression? {
    let dimension: Int
    switch other {
    case .tuple(let parts): dimension = parts.count
    case .matrix(let rows): dimension = rows.count == 1 ? rows[0].count : rows.count
    default: return nil
    }
    guard (2...3).contains(dimension), let terms = unitTerms, terms.contains(where: { $0.axis > 0 }) else { return nil }
    var components = [Expression](repeating: .zero, count: 3)
    for term in terms {
      components[term.axis] =
        components[term.axis] == .zero ? term.factor : .sum([components[term.axis], term.factor])
    }
    guard dimension == 3 || components[2] == .zero else { return nil }
    return .tuple(Array(components.prefix(dimension)))
  }

  private static let axes = ["i": 0, "j": 1, "k": 2]

  /// The terms of the sum, each a factor and the axis it lies on.
  private var unitTerms: [(factor: Expression, axis: Int)]? {
    var terms: [(factor: Expression, axis: Int)] = []
    var parts = [self]
    if case .sum(let members) = self { parts = members }
    for part in parts {
      var factors = part.flatFactors
      guard let index = factors.firstIndex(where: { $0.axis != nil }), let axis = factors[index].axis else {
        return nil
      }
      factors.remove(at: index)
      guard !factors.contains(where: { $0.contains { $0.axis != nil } }) else { return nil }
      terms.append((factors.isEmpty ? .one : factors.count == 1 ? factors[0] : .product(factors), axis))
    }
    return terms
  }

  private var axis: Int? {
    if case .symbol(let name) = self { Self.axes[name] } else { nil }
  }

  private var flatFactors: [Expression] {
    if case .product(let parts) = self { parts.flatMap(\.flatFactors) } else { [self] }
  }
}
