extension Comparison {
  /// `π/4 + kπ` and `π/4 + nπ` are the same family of angles, `x^2 + C` and `x^2 + c` of functions: one letter of each
  /// that the other one lacks may be the same under another name.
  func equalWithRenamedLetter(_ a: Expression, _ b: Expression) throws(Exhausted) -> Verdict.Evidence? {
    let (first, second) = (a.freeSymbols, b.freeSymbols)
    guard let new = Self.only(first.subtracting(second)), let old = Self.only(second.subtracting(first)),
      a != .symbol(new), b != .symbol(old), Self.mayStandForTheSame(old, new, besidePi: a.mentionsPi && b.mentionsPi)
    else { return nil }
    return try compareScalars(a, b.replacing(old, with: .symbol(new))).evidence
  }

  /// Whether only taste decides between two letters: capital or small, one constant of integration or another, and
  /// beside π the count of its multiples.
  private static func mayStandForTheSame(_ a: String, _ b: String, besidePi: Bool) -> Bool {
    let counters: Set<String> = ["k", "n", "m", "l"]
    let constants: Set<String> = ["c", "k", "c_1", "k_1", "c_0"]
    return a.lowercased() == b.lowercased() || constants.isSuperset(of: [a.lowercased(), b.lowercased()])
      || (besidePi && counters.isSuperset(of: [a, b]))
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
  /// `(2 - 3t, 5t)` with the parameter called as in `(2 - 3x, 5x)`; nil when these are no families of one parameter.
  func renamedParameter(of other: Expression) -> Expression? {
    let (mine, theirs) = (freeSymbols, other.freeSymbols)
    guard mine.count == 1, theirs.count == 1, mine != theirs, let old = mine.first, let new = theirs.first,
      children.count(where: { !$0.freeSymbols.isEmpty }) > 1
    else { return nil }
    return replacing(old, with: .symbol(new))
  }
}
