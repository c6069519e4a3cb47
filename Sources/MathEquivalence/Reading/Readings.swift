/// Everything a text may be read as: a comma between digits is a matter of taste.
struct Readings {
  let text: String
  /// The readings, the likeliest first.
  private(set) var expressions: [Expression] = []
  /// The letter, when it is a multiple-choice answer.
  let choice: ChoiceLetter?
  /// Whether there are words in it.
  let isLanguage: Bool
  /// Whether it is a row of numbers that only spaces part: as such it is compared as text alone.
  let isRow: Bool

  init(of text: String, limits: Limits) {
    self.text = text
    guard let lexer = Lexer.tokens(of: text, commas: .thousands, limits: limits) else {
      isLanguage = true
      isRow = false
      choice = nil
      return
    }
    choice = ChoiceLetter(lexer.tokens, text: String(String.UnicodeScalarView(lexer.characters)))
    isLanguage = lexer.tokens.contains { if case .word(let word) = $0.kind { word.count > 1 } else { false } }
    isRow = lexer.tokens.allSatisfy { token in
      if case .number = token.kind { true } else { token.kind == .mark("-") }
    }
    if let first = try? Parser.parse(lexer.tokens, limits: limits) { expressions.append(first) }
    if lexer.hasAmbiguousComma { append(.separator, limits) }
    if lexer.hasDecimalComma, !lexer.hasAmbiguousComma, !lexer.hasBrackets { append(.decimal, limits) }
    if expressions.isEmpty, isLanguage, let values = Self.sentenceValues(text, limits) { expressions = [values] }
  }

  private mutating func append(_ commas: CommaReading, _ limits: Limits) {
    guard let reading = try? Parser.parse(text, commas: commas, limits: limits), !expressions.contains(reading) else {
      return
    }
    // A decimal comma makes a number, nothing more.
    if commas == .decimal, reading.withoutUnit.literal == nil { return }
    expressions.append(reading)
  }

  /// "The rent is $240$ yuan and $210$ yuan": the numbers among a sentence's formulas.
  private static func sentenceValues(_ text: String, _ limits: Limits) -> Expression? {
    let values = Formulas.ranges(in: text[...]).prefix(12).compactMap { formula -> Expression? in
      guard let value = try? Parser.parse(formula, limits: limits), value.freeSymbols.isEmpty else { return nil }
      return value
    }
    return values.isEmpty ? nil : values.count == 1 ? values[0] : .list(Array(values))
  }
}

/// Compares readings pairwise; one pair that agrees is enough. All pairs share one budget.
struct ReadingComparison {
  let first: Readings
  let second: Readings
  private let budget: Budget

  init(_ first: Readings, _ second: Readings, limits: Limits) {
    self.first = first
    self.second = second
    budget = Budget(limits)
  }

  /// The verdict; nil when a side has no reading.
  func outcome() -> Verdict.Reason? {
    var difference: Verdict.Reason?
    for a in first.expressions {
      for b in second.expressions {
        let reason = compare(a, b)
        if case .equal = reason { return reason }
        difference = difference ?? reason
      }
    }
    return difference
  }

  private func compare(_ a: Expression, _ b: Expression) -> Verdict.Reason {
    var (a, b) = (a, b)
    if a.leavesOutSide || b.leavesOutSide { (a, b) = (a.withoutSides, b.withoutSides) }
    let mentionsLog = a.mentionsBareLog || b.mentionsBareLog
    for logIsDecimal in mentionsLog ? [false, true] : [false] {
      let comparison = Comparison(budget: budget, logIsDecimal: logIsDecimal)
      do {
        switch try comparison.compare(a, b) {
        case .equal(let evidence): return .equal(evidence)
        case .different(let difference): if logIsDecimal || !mentionsLog { return .different(difference) }
        }
      } catch {
        return .unparsable
      }
    }
    return .different(.values)
  }
}

extension Expression {
  /// Whether `\log` occurs without a base: it may be natural or decimal.
  var mentionsBareLog: Bool {
    contains { if case .function("log", let arguments) = $0 { arguments.count == 1 } else { false } }
  }

  /// Whether a limit occurs that does not say from which side.
  var leavesOutSide: Bool {
    contains { if case .function("lim", let arguments) = $0 { arguments.last == .text("") } else { false } }
  }

  /// The sides of limits left out: a limit from both sides is also the one from the right.
  var withoutSides: Expression {
    if case .function("lim", let arguments) = self, arguments.count == 3 {
      return .function("lim", [arguments[0].withoutSides, arguments[1].withoutSides, .text("")])
    }
    return mapChildren(\.withoutSides)
  }
}
