extension Parser {
  static let relations: [String: Expression.Relation] = [
    "=": .equal, "≈": .approximately, "≠": .notEqual, "<": .less, "≤": .lessOrEqual, ">": .greater,
    "≥": .greaterOrEqual, "∈": .element, "∉": .notElement, "→": .arrow, "⊂": .subset, "⊃": .superset,
  ]

  mutating func parseRelation() throws(Failure) -> Expression {
    // "= 5" and "≈ 3.1": a sign with nothing before it says nothing.
    if isMark("=") || isMark("≈") || isMark("∈") { advance() }
    // "≤ 4" is about a value that has no name.
    var sides = startsWithOrder ? [Expression.unnamed] : [try parseSets()]
    var signs: [Expression.Relation] = []
    while let sign = takeRelation() {
      if kind == .end { break }
      signs.append(sign)
      if sign == .element, let members = try takeBareMembers() {
        sides.append(members)
      } else {
        let side = try parseSets()
        // "x ∈ R" is about the reals.
        sides.append(sign == .element || sign == .notElement ? side.numberSet ?? side : side)
      }
    }
    return signs.isEmpty ? sides[0] : .relation(sides, signs)
  }

  private var startsWithOrder: Bool {
    guard case .mark(let mark) = kind, let relation = Self.relations[mark] else { return false }
    return relation.isOrder || relation == .notEqual
  }

  private mutating func takeRelation() -> Expression.Relation? {
    if case .command("not") = kind, kind(at: 1) == .mark("=") || kind(at: 1) == .mark("∈") {
      position += 2
      return tokens[position - 1].kind == .mark("=") ? .notEqual : .notElement
    }
    guard case .mark(let mark) = kind, let relation = Self.relations[mark] else { return nil }
    advance()
    // "= ±" and "=\\approx": a doubled sign counts once.
    if relation == .equal, isMark("≈") || isMark("=") { advance() }
    return relation
  }

  /// In `k ∈ 1,2,3` the braces were forgotten.
  private mutating func takeBareMembers() throws(Failure) -> Expression? {
    guard case .number = kind, case .mark(",") = kind(at: 1) else { return nil }
    return .set(try parseItems().0)
  }

  private mutating func parseSets() throws(Failure) -> Expression {
    var left = try parseRatio()
    while true {
      if take("∪") {
        left = .union(left.unionParts + (try parseRatio()).unionParts)
      } else if take("∩") {
        left = .intersection([left, try parseRatio()])
      } else if take("∖") {
        left = .difference(left, try parseRatio())
      } else {
        return left
      }
    }
  }

  private mutating func parseRatio() throws(Failure) -> Expression {
    var parts = [try parseSum()]
    while !endsAtBar, takeRatioSign() { parts.append(try parseSum()) }
    return parts.count == 1 ? parts[0] : .ratio(parts)
  }

  /// A colon, or "to" between numbers.
  private mutating func takeRatioSign() -> Bool {
    if take(":") { return true }
    guard kind == .word("to"), case .number = kind(at: 1) else { return false }
    advance()
    return true
  }

  mutating func parseSum() throws(Failure) -> Expression {
    var terms: [Expression] = []
    while true {
      let sign = takeSign()
      guard sign != nil || terms.isEmpty else { break }
      let term = try parseProduct()
      switch sign {
      case "-":
        // -3 mod 7 is (-3) mod 7.
        if case .function("mod", let parts) = term, parts.count == 2 {
          terms.append(.function("mod", [parts[0].negated, parts[1]]))
        } else {
          terms.append(term.negated)
        }
      case "±": terms.append(.plusMinus(term))
      case "∓": terms.append(.minusPlus(term))
      default: terms.append(term)
      }
    }
    let sum = terms.count == 1 ? terms[0] : Expression.sum(terms)
    guard kind == .command("over") else { return sum }
    advance()
    return .quotient(sum, try nested { parser throws(Failure) in try parser.parseSum() })
  }

  private mutating func takeSign() -> String? {
    guard case .mark(let mark) = kind, ["+", "-", "±", "∓"].contains(mark) else { return nil }
    advance()
    guard mark == "-" || mark == "+" else { return mark }
    // A row of signs is one sign.
    var isNegative = mark == "-"
    while isMark("-") || isMark("+") {
      if isMark("-") { isNegative.toggle() }
      advance()
    }
    return isNegative ? "-" : "+"
  }
}

extension Expression {
  /// The set of numbers that a plain R, Z, N or Q stands for.
  var numberSet: Expression? {
    guard case .symbol(let name) = self, name != "C", let set = Vocabulary.numberSets[name] else { return nil }
    return .symbol(set)
  }

  var unionParts: [Expression] {
    if case .union(let parts) = self { parts } else { [self] }
  }
}
