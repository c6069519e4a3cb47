extension Comparison {
  /// Lists and sets in any order, tuples in theirs; a list of one is its member.
  func compareCollections(_ a: Expression, _ b: Expression) throws(Exhausted) -> Outcome? {
    switch (a, b) {
    case (.tuple(let first), .tuple(let second)):
      let outcome = try compareInOrder(first, second)
      guard outcome.evidence == nil, let renamed = b.renamedParameter(of: a), case .tuple(let others) = renamed else {
        return outcome
      }
      return try compareInOrder(first, others)
    case (.tuple(let first), .function(let name, let second)), (.function(let name, let second), .tuple(let first)):
      guard name.hasPrefix("call "), name.last?.isUppercase == true else { return nil }
      return try compareInOrder(first, second)
    case (.tuple, .set(let members)) where members.count > 1, (.set(let members), .tuple) where members.count > 1:
      // {1, 2} = {2, 1}, and (1, 2) is not (2, 1).
      return .different(.shape)
    case (.tuple(let first), .list(let second)), (.list(let second), .tuple(let first)),
      (.tuple(let first), .set(let second)), (.set(let second), .tuple(let first)):
      if second.count == 1 { return try compare(.tuple(first), second[0]) }
      return try compareInOrder(first, second)
    case (.set(let first), .set(let second)): return try compareAsSets(first, second)
    case (.set(let first), .list(let second)), (.list(let first), .set(let second)):
      return try compareAsSets(first, second)
    case (.list(let first), .list(let second)):
      // The same value twice is one value.
      return first.count == second.count
        ? try compareInAnyOrder(first, second) : try compareAsSets(first, second)
    case (.list(let items), .relation(let sides, let signs)), (.relation(let sides, let signs), .list(let items)):
      // "b, a, d, c" says an order as "b < a < d < c" does.
      guard sides.count > 2, signs.allSatisfy({ $0 == signs[0] }), signs[0].isStrict, sides.allSatisfy(\.isName) else {
        return try compareOnlyMember(of: items, with: .relation(sides, signs))
      }
      return items == sides ? .equal(.words) : .different(.members)
    case (.list(let items), .interval(let low, let high, let ends)),
      (.interval(let low, let high, let ends), .list(let items)),
      (.tuple(let items), .interval(let low, let high, let ends)),
      (.interval(let low, let high, let ends), .tuple(let items)):
      // [1, 2] may be a list in square brackets; a half-open pair never is.
      guard ends.lower, ends.upper, case .list = a.isInterval ? b : a else { return .different(.shape) }
      return try compareInOrder([low, high], items)
    case (.list(let items), _), (.set(let items), _):
      return try compareOnlyMember(of: items, with: b)
    case (_, .list(let items)), (_, .set(let items)):
      return try compareOnlyMember(of: items, with: a)
    default: return nil
    }
  }

  private func compareOnlyMember(of items: [Expression], with other: Expression) throws(Exhausted) -> Outcome {
    guard let only = items.first else { return .different(.members) }
    guard items.count > 1 else { return try compare(only, other) }
    // The same value twice is one value.
    for item in items.dropFirst() {
      guard try equal(item, only) != nil else { return .different(.members) }
    }
    return try compare(only, other)
  }

  func compareInOrder(_ first: [Expression], _ second: [Expression]) throws(Exhausted) -> Outcome {
    guard first.count == second.count else { return .different(.members) }
    var weakest = Verdict.Evidence.normalForm
    for (a, b) in zip(first, second) {
      guard let evidence = try equal(a, b) else { return .different(.members) }
      weakest = .weaker(weakest, evidence)
    }
    return .equal(weakest)
  }

  /// Finds a partner for every member, each used once.
  func compareInAnyOrder(_ first: [Expression], _ second: [Expression]) throws(Exhausted) -> Outcome {
    guard first.count == second.count else { return .different(.members) }
    var left = Array(second)
    var weakest = Verdict.Evidence.normalForm
    for member in first {
      guard let (index, evidence) = try partner(of: member, among: left) else { return .different(.members) }
      left.remove(at: index)
      weakest = .weaker(weakest, evidence)
    }
    return .equal(weakest)
  }

  /// Finds for every member of either an equal one of the other; how often it is written does not matter.
  private func compareAsSets(_ first: [Expression], _ second: [Expression]) throws(Exhausted) -> Outcome {
    var weakest = Verdict.Evidence.normalForm
    for (members, others) in [(first, second), (second, first)] {
      for member in members {
        guard let (_, evidence) = try partner(of: member, among: others) else { return .different(.members) }
        weakest = .weaker(weakest, evidence)
      }
    }
    return .equal(weakest)
  }

  /// The best partner: an exact one before one that only rounds to the same.
  private func partner(
    of member: Expression, among others: [Expression]
  ) throws(Exhausted) -> (Int, Verdict.Evidence)? {
    if let index = others.firstIndex(of: member) { return (index, .normalForm) }
    var best: (Int, Verdict.Evidence)?
    for (index, other) in others.enumerated() {
      guard let evidence = try equal(member, other) else { continue }
      if best == nil || evidence.weakness < (best?.1.weakness ?? 0) { best = (index, evidence) }
      if evidence.weakness <= 2 { break }
    }
    return best
  }
}

extension Expression {
  var isInterval: Bool {
    if case .interval = self { true } else { false }
  }

  /// The answer with each `±` written out: a list of two values, or of all tuples.
  var withSignsWrittenOut: Expression {
    guard hasPlusMinus else { return self }
    switch self {
    case .list(let parts): return .list(parts.flatMap(\.signedValues))
    case .set(let parts): return .set(parts.flatMap(\.signedValues))
    case .relation(let sides, let signs) where isAssignment:
      let values = sides[1].signedValues
      return .relation([sides[0], values.count == 1 ? values[0] : .list(values)], signs)
    default:
      let values = signedValues
      return values.count == 1 ? values[0] : .list(values)
    }
  }

  /// Whether it is `left = right`, `left ≈ right` or `left ∈ right`.
  private var isAssignment: Bool {
    guard case .relation(_, let signs) = self else { return false }
    return signs == [.equal] || signs == [.element] || signs == [.approximately]
  }

  /// The values `±` stands for: its signs go together within a value, and are free among the parts of a tuple.
  private var signedValues: [Expression] {
    guard hasPlusMinus else { return [self] }
    if isAssignment { return [withSignsWrittenOut] }
    guard case .tuple(let parts) = self else {
      let plus = choosingSign(plus: true)
      let minus = choosingSign(plus: false)
      return plus == minus ? [plus] : [plus, minus]
    }
    var tuples: [[Expression]] = [[]]
    for part in parts {
      let values = part.signedValues
      guard tuples.count * values.count <= 64 else { return [self] }
      tuples = tuples.flatMap { tuple in values.map { tuple + [$0] } }
    }
    return tuples.map { .tuple($0) }
  }
}
