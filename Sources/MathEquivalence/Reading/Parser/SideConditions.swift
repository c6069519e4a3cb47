extension Parser {
  /// Leaves out `k ∈ ℤ` and `n ≥ 1` if they only explain a letter of the other members.
  static func withoutSideConditions(_ items: [Expression]) -> [Expression] {
    let kept = items.filter { item in
      guard let name = item.conditionedLetter else { return true }
      return !items.contains { $0.conditionedLetter == nil && $0.explainedSymbols.contains(name) }
    }
    return kept.isEmpty ? items : kept
  }
}

extension Expression {
  /// The letter a condition is about: the k of `k ∈ ℤ`, the n of `n ≥ 1`.
  var conditionedLetter: String? {
    guard case .relation(let sides, let signs) = self else { return nil }
    if signs == [.element], case .symbol(let name) = sides[0], case .symbol(let set) = sides[1],
      let first = set.first, "ℝℤℕℚRZNQ".contains(first)
    {
      return name
    }
    guard signs.count == 1, signs[0].isOrder, case .symbol(let name) = sides[0], sides[1].freeSymbols.isEmpty else {
      return nil
    }
    return name
  }

  /// The letters whose meaning a condition may explain: those of a value, and of a definition's right side.
  var explainedSymbols: Set<String> {
    guard case .relation(let sides, let signs) = self else { return freeSymbols }
    guard signs == [.equal] else { return [] }
    return sides[1].freeSymbols
  }
}

extension Expression {
  /// Whether it is a chain of `<`, `≤`, `>`, `≥` or a single `≠`.
  var isOrderRelation: Bool {
    guard case .relation(_, let signs) = self else { return false }
    return signs.allSatisfy(\.isOrder) || signs == [.notEqual]
  }

  var isRelation: Bool {
    if case .relation = self { true } else { false }
  }
}
