import ComplexModule

extension Comparison {
  /// Definitions, chains of equalities, and equations; nil when neither side is a relation.
  func compareRelations(_ a: Expression, _ b: Expression) throws(Exhausted) -> Outcome? {
    if let outcome = try compareDefinitions(a, b) { return outcome }
    switch (a.equation, b.equation) {
    case (let first?, let second?): return try compareEquations(first, second)
    case (let equation?, nil): return try compareValues(of: a, equation, with: b)
    case (nil, let equation?): return try compareValues(of: b, equation, with: a)
    default: return nil
    }
  }

  /// `x = 3` against `3`, `x = 1, y = 2` against `(1, 2)`, and definitions against definitions.
  private func compareDefinitions(_ a: Expression, _ b: Expression) throws(Exhausted) -> Outcome? {
    switch (a.definitions, b.definitions) {
    case (nil, nil): return nil
    case (let first?, let second?): return try compareDefinitions(first, second, a, b)
    case (let definitions?, nil): return try compareDefined(definitions, with: b)
    case (nil, let definitions?): return try compareDefined(definitions, with: a)
    }
  }

  private func compareDefined(_ definitions: [Definition], with other: Expression) throws(Exhausted) -> Outcome? {
    if definitions.count == 1 {
      if other.equation != nil { return nil }
      for value in definitions[0].values {
        let outcome = try compare(value, other)
        if outcome.evidence != nil { return outcome }
      }
      return .different(.values)
    }
    let values = definitions.map { $0.values[0] }
    if let tuples = Definition.tuples(definitions), !other.isTuple {
      let outcome = try compare(.list(tuples), other)
      if outcome.evidence != nil { return outcome }
    }
    if case .tuple = other { return try compare(.tuple(values), other) }
    // x₁ = x₂ = 2 is one value, a = 2 and b = 2 are two.
    if !other.isCollection, Set(definitions.map(\.name.bareName)).count > 1 { return .different(.members) }
    return try compare(.list(values), other)
  }

  private func compareDefinitions(
    _ first: [Definition], _ second: [Definition], _ a: Expression, _ b: Expression
  ) throws(Exhausted) -> Outcome {
    let (first, second) =
      first.count == second.count ? (first, second) : (first.flatMap(\.parts), second.flatMap(\.parts))
    let names = Set(first.map(\.name))
    if names.count == first.count, first.count == second.count, names == Set(second.map(\.name)), first.count > 1 {
      // Named values go by their names.
      var weakest = Verdict.Evidence.normalForm
      for definition in first {
        guard let partner = second.first(where: { $0.name == definition.name }),
          let evidence = try firstEqual(definition.values, partner.values)
        else { return .different(.values) }
        weakest = .weaker(weakest, evidence)
      }
      return .equal(weakest)
    }
    guard first.count == 1, second.count == 1 else {
      return try compareInAnyOrder(first.flatMap(\.members), second.flatMap(\.members))
    }
    if first[0].isSameName(as: second[0]) {
      if let evidence = try firstEqual(first[0].values, second[0].values) { return .equal(evidence) }
      if let evidence = try equalWithRenamedConstants(first[0], second[0]) { return .equal(evidence) }
      return .different(.values)
    } else if let renamed = second[0].renamed(like: first[0]) {
      if let evidence = try firstEqual(first[0].values, renamed.values) { return .equal(evidence) }
      if let evidence = try equalWithRenamedConstants(first[0], renamed) { return .equal(evidence) }
    }
    if first[0].isGraph(of: second[0]) || second[0].isGraph(of: first[0]),
      let evidence = try firstEqual(first[0].values, second[0].values)
    {
      return .equal(evidence)
    }
    guard let one = a.equation, let other = b.equation else { return .different(.values) }
    return try compareEquations(one, other)
  }

  /// An equation against something that is none.
  private func compareValues(
    of relation: Expression, _ equation: Equation, with other: Expression
  ) throws(Exhausted) -> Outcome? {
    for value in relation.chainValues {
      if let evidence = try equal(value, other) { return .equal(evidence) }
    }
    if relation.chainValues.isEmpty, try equalNumerically(equation.left, equation.right) != nil {
      // An identity, a calculation with its result: it says the value of its sides.
      return try compare(equation.right, other)
    }
    if equation.left.isMeasure, equation.right.freeSymbols.isEmpty, equation.right.literal?.isZero != true,
      other.freeSymbols.isEmpty
    {
      return try compare(equation.right, other)
    }
    if let evidence = try solves(other, equation) { return .equal(evidence) }
    return .different(.values)
  }

  /// Two equations are the same when one is a constant multiple of the other.
  private func compareEquations(_ a: Equation, _ b: Equation) throws(Exhausted) -> Outcome {
    guard a.sign == b.sign else { return .different(.shape) }
    // Side by side decimals may be rounded; a multiple has to be exact.
    if let evidence = try compareInOrder([a.left, a.right], [b.left, b.right]).evidence { return .equal(evidence) }
    guard let factor = try constantRatio(a.difference, b.difference) else { return .different(.values) }
    return factor.isFinite ? .equal(.numerically(points: 4)) : .different(.values)
  }

  /// The constant that one expression is times the other; nil when there is none.
  func constantRatio(_ a: Expression, _ b: Expression) throws(Exhausted) -> Double? {
    let symbols = a.freeSymbols.union(b.freeSymbols).sorted()
    guard !symbols.isEmpty else { return nil }
    var points = SamplePoints(symbols: symbols, a, b)
    var ratio: Approximation?
    var agreed = 0
    var values: Set<Double> = []
    for _ in 0..<10 where agreed < 4 {
      let evaluator = Evaluator(budget: budget, values: points.next(), logIsDecimal: logIsDecimal)
      guard let x = try? evaluator.evaluate(a), let y = try? evaluator.evaluate(b), x.isReal, y.isReal,
        abs(y.value.real) > 1e-6
      else { continue }
      let quotient = x * y.mapped { $0.reciprocal ?? .zero }
      guard abs(quotient.value.real) > 1e-9 else { return nil }
      if let ratio, ratio.agreement(with: quotient) != .equal { return nil }
      ratio = ratio ?? quotient
      values.insert(x.real)
      agreed += 1
    }
    // Values that never change say nothing about a ratio.
    return agreed >= 3 && values.count > 1 ? ratio?.value.real : nil
  }

  /// `6/x` against `xy = 6`: the bare expression is what the equation says of the letter it leaves out.
  private func solves(_ bare: Expression, _ equation: Equation) throws(Exhausted) -> Verdict.Evidence? {
    let known = bare.freeSymbols
    let missing = equation.difference.freeSymbols.subtracting(known)
    guard !known.isEmpty, missing.count == 1, let name = missing.first,
      known.isSubset(of: equation.difference.freeSymbols)
    else { return nil }
    let left = equation.left.replacing(name, with: bare)
    let right = equation.right.replacing(name, with: bare)
    return try equalNumerically(left, right).map { .numerically(points: $0) }
  }
}
