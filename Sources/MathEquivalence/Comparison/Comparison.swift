/// Decides whether two expressions say the same, from the shape of the answers down to their numbers.
struct Comparison {
  let budget: Budget
  /// Whether `\log` is read as the logarithm to base ten; both sides the same way.
  var logIsDecimal = false
  /// Whether decimals stand for all the numbers that round to them.
  var decimalsAreRounded = false

  enum Outcome {
    case equal(Verdict.Evidence)
    case different(Verdict.Difference)

    var evidence: Verdict.Evidence? {
      if case .equal(let evidence) = self { evidence } else { nil }
    }
  }

  /// Compares two whole answers.
  func compare(_ first: Expression, _ second: Expression) throws(Exhausted) -> Outcome {
    try budget.spend()
    if first == second { return .equal(.normalForm) }
    var a = first.withSignsWrittenOut
    var b = second.withSignsWrittenOut
    if let vector = a.unitVectors(like: b) { a = vector } else if let vector = b.unitVectors(like: a) { b = vector }
    if a.numberSet == b || b.numberSet == a { return .equal(.words) }
    if let outcome = try compareWords(a, b) { return outcome }
    if let outcome = try compareRelations(a, b) { return outcome }
    if let outcome = try compareMatrices(a, b) { return outcome }
    if let outcome = try compareRealSets(a, b) { return outcome }
    if let outcome = try compareCollections(a, b) { return outcome }
    if let outcome = try compareRatios(a, b) { return outcome }
    return try compareScalars(a, b)
  }

  func equal(_ a: Expression, _ b: Expression) throws(Exhausted) -> Verdict.Evidence? {
    try compare(a, b).evidence
  }

  /// The first comparison of the pairs that succeeds.
  func firstEqual(_ firsts: [Expression], _ seconds: [Expression]) throws(Exhausted) -> Verdict.Evidence? {
    for a in firsts {
      for b in seconds {
        if let evidence = try equal(a, b) { return evidence }
      }
    }
    return nil
  }

  private func compareWords(_ a: Expression, _ b: Expression) throws(Exhausted) -> Outcome? {
    switch (a, b) {
    case (.text(let first), .text(let second)):
      if TextAnswer(first).says(TextAnswer(second)) { return .equal(.words) }
      guard let value = TextAnswer.value(of: first), value == TextAnswer.value(of: second) else {
        return .different(.words)
      }
      return .equal(.words)
    case (.text(let word), let other), (let other, .text(let word)):
      if let value = TextAnswer.value(of: word) { return try compare(value, other) }
      if let truth = truth(of: other), ["true", "false"].contains(word.lowercased()) {
        return (word.lowercased() == "true") == truth ? .equal(.words) : .different(.values)
      }
      guard case .symbol(let name) = other else { return nil }
      return word.count == 1 && name == word ? .equal(.words) : .different(.words)
    default: return nil
    }
  }

  private func compareMatrices(_ a: Expression, _ b: Expression) throws(Exhausted) -> Outcome? {
    switch (a.workedOutMatrix, b.workedOutMatrix) {
    case (.matrix(let first), .matrix(let second)):
      guard first.map(\.count) == second.map(\.count) else { return .different(.shape) }
      return try compareInOrder(first.flatMap { $0 }, second.flatMap { $0 })
    case (.matrix(let rows), .tuple(let items)), (.tuple(let items), .matrix(let rows)):
      // A vector may be written as a column, a row or a tuple.
      guard rows.count == 1 || rows.allSatisfy({ $0.count == 1 }) else { return .different(.shape) }
      return try compareInOrder(rows.flatMap { $0 }, items)
    case (.matrix(let rows), .interval(let low, let high, let ends)),
      (.interval(let low, let high, let ends), .matrix(let rows)):
      guard ends.lower, ends.upper, rows.count == 1 || rows.allSatisfy({ $0.count == 1 }) else {
        return .different(.shape)
      }
      return try compareInOrder(rows.flatMap { $0 }, [low, high])
    default: return nil
    }
  }

  private func compareRatios(_ a: Expression, _ b: Expression) throws(Exhausted) -> Outcome? {
    guard case .ratio(let first) = a, case .ratio(let second) = b else { return nil }
    guard first.count == second.count else { return .different(.shape) }
    // a:b:c = d:e:f when the products across agree; 12:00 is a time, and only equals itself.
    if try compareInOrder(first, second).evidence != nil { return .equal(.normalForm) }
    let hasZero = (first + second).contains { $0.literal?.isZero == true }
    guard !hasZero else { return .different(.values) }
    for index in first.indices.dropFirst() {
      let left = Expression.product([first[0], second[index]])
      let right = Expression.product([second[0], first[index]])
      guard try compareScalars(left, right).evidence != nil else { return .different(.values) }
    }
    return .equal(.exactly)
  }
}
