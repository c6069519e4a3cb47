extension Comparison {
  /// `π/4 + kπ` and `π/4 + nπ` are the same family of angles, whatever the whole number is called.
  func equalWithRenamedMultiples(_ a: Expression, _ b: Expression) throws(Exhausted) -> Verdict.Evidence? {
    let (first, second) = (a.freeSymbols, b.freeSymbols)
    let counters: Set<String> = ["k", "n", "m", "l"]
    guard first != second, a.contains(where: { $0 == .pi }), b.contains(where: { $0 == .pi }),
      let old = Self.only(second.subtracting(first)), let new = Self.only(first.subtracting(second)),
      counters.contains(old), counters.contains(new)
    else { return nil }
    return try compareScalars(a, b.replacing(old, with: .symbol(new))).evidence
  }

  /// `f(x) = cx` and `f(x) = kx`: constants that nothing else names may be called anything.
  func equalWithRenamedConstants(_ a: Definition, _ b: Definition) throws(Exhausted) -> Verdict.Evidence? {
    guard case .function = a.name, a.name == b.name else { return nil }
    let arguments = a.name.freeSymbols
    let mine = a.values[0].freeSymbols.subtracting(arguments).sorted()
    let theirs = b.values[0].freeSymbols.subtracting(arguments).sorted()
    guard !mine.isEmpty, mine.count == theirs.count, mine.count <= 3, mine != theirs else { return nil }
    for order in Self.orders(mine) {
      var renamed = b.values[0]
      for (index, name) in theirs.enumerated() { renamed = renamed.replacing(name, with: .symbol("□\(index)")) }
      for (index, name) in order.enumerated() { renamed = renamed.replacing("□\(index)", with: .symbol(name)) }
      if let evidence = try equal(a.values[0], renamed) { return evidence }
    }
    return nil
  }

  private static func only(_ names: Set<String>) -> String? { names.count == 1 ? names.first : nil }

  private static func orders(_ names: [String]) -> [[String]] {
    guard names.count > 1 else { return [names] }
    return names.indices.flatMap { index in
      var rest = names
      let name = rest.remove(at: index)
      return orders(rest).map { [name] + $0 }
    }
  }
}

extension Expression {
  /// Units of several letters, "9.8 m/s^2", left out; nil unless the other side is a bare number.
  func withoutUnitLetters(against other: Expression) -> Expression? {
    guard case .product(let factors) = self, factors.count > 1, other.freeSymbols.isEmpty, !other.isCollection
    else { return nil }
    let numbers = factors.filter { !$0.isUnitLetter }
    guard numbers.count + 1 < factors.count, !numbers.isEmpty, numbers.allSatisfy({ $0.freeSymbols.isEmpty }),
      factors[0].freeSymbols.isEmpty
    else { return nil }
    return Parser.product(numbers)
  }

  private var isUnitLetter: Bool {
    switch self {
    case .symbol(let name): ["m", "s", "g", "h", "L", "N", "J", "W", "V", "A", "K"].contains(name)
    case .power(let base, let exponent): base.isUnitLetter && exponent.literal?.isInteger == true
    default: false
    }
  }
}
