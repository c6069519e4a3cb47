extension Normalizer {
  /// A sum with dots, `a_0 + a_1 + … + a_k`, in either direction: its ends and the step between its members.
  func dotted(_ parts: [Expression]) throws(Exhausted) -> NormalForm? {
    guard let dots = parts.firstIndex(of: .symbol("…")), dots > 0, dots < parts.count - 1 else { return nil }
    let (first, last) = (parts[0], parts[parts.count - 1])
    let ends = try [normalForm(first).key, normalForm(last).key].sorted()
    var steps: [String] = []
    for pair in zip(parts[..<dots], parts[1..<dots]) { steps.append(try step(from: pair.0, to: pair.1)) }
    for pair in zip(parts[(dots + 1)...], parts[(dots + 2)...]) { steps.append(try step(from: pair.0, to: pair.1)) }
    // One member before the dots says the step of one.
    guard Set(steps).count < 2 else { return nil }
    return try named("dots(" + ends.joined(separator: ";") + ";" + (steps.first ?? "1") + ")")
  }

  /// The difference of two members, or of the indices by which alone they differ, whatever its sign.
  private func step(from first: Expression, to second: Expression) throws(Exhausted) -> String {
    let (a, b) = (first.index ?? first, second.index ?? second)
    let difference = try normalForm(.sum([b, a.negated]))
    let isNegative = difference.sorted.first?.coefficient.isNegative == true
    return (isNegative ? difference.scaled(by: Rational(-1)) : difference).key
  }
}

extension Expression {
  /// The index of `a_{k-1}`.
  fileprivate var index: Expression? {
    guard case .symbol(let name) = self, let mark = name.firstIndex(of: "_") else { return nil }
    return try? Parser.parse(String(name[mark...].dropFirst()))
  }
}
