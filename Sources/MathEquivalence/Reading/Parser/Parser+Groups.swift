extension Parser {
  /// Brackets of every kind, bars, floors and ceilings, and the marks that are values.
  mutating func parseGroup(_ open: String) throws(Failure) -> Expression {
    advance()
    switch open {
    case "(", "[", "{", "\\{": return try unbarred { parser throws(Failure) in try parser.parseBracketed(open) }
    case "|": return try parseBars()
    case "⌊": return try parseUntil("⌋", function: "floor")
    case "⌈": return try parseUntil("⌉", function: "ceil")
    case "∅": return .emptySet
    case "]": return try unbarred { parser throws(Failure) in try parser.parseOutwardInterval() }
    case "…": return .symbol("…")
    case "\\$": return .quantity(try nested { parser throws(Failure) in try parser.parsePower() }, unit: "dollar")
    case "∠", "△":
      // A figure's name: the letters after it are one symbol.
      var name = open
      while case .letter(let letter) = kind { name += letter; advance() }
      return .symbol(name)
    default: throw .unexpected
    }
  }

  private mutating func parseBracketed(_ open: String) throws(Failure) -> Expression {
    if let close = emptyClose(of: open) {
      advance()
      return open == "\\{" || close == "\\}" ? .emptySet : .tuple([])
    }
    if open == "\\{" || (open == "{" && opensSetBuilder), let condition = try takeSetBuilder(open) {
      return condition
    }
    colonDivides =
      open == "(" && count(":", from: position) == 1
      && count("+", from: position) + count("-", from: position) > 0
    let items = try open == "\\{" || open == "{" ? parseItems().0 : parseArguments()
    guard case .mark(let close) = kind, [")", "]", "}", "\\}"].contains(close) else { throw .unexpected }
    advance()
    return try Self.group(items, open: open, close: close)
  }

  private func emptyClose(of open: String) -> String? {
    guard case .mark(let mark) = kind, [")", "]", "}", "\\}"].contains(mark) else { return nil }
    return open == "{" ? nil : mark
  }

  private static func group(
    _ items: [Expression], open: String, close: String
  ) throws(Failure) -> Expression {
    switch (open, close) {
    case ("(", ")"): return items.count == 1 ? items[0] : .tuple(items)
    case ("[", "]"), ("[", ")"), ("(", "]"):
      if items.count == 2 {
        return .interval(items[0], items[1], closed: .init(lower: open == "[", upper: close == "]"))
      }
      guard open == "[", close == "]" else { throw .unexpected }
      return items.count == 1 ? items[0] : .tuple(items)
    case ("{", "}"): return items.count == 1 ? items[0] : .set(items)
    case ("\\{", "\\}"): return .set(items)
    default: throw .unexpected
    }
  }

  /// `]a, b[`: brackets turned outwards leave the ends out.
  private mutating func parseOutwardInterval() throws(Failure) -> Expression {
    closesOutward = true
    let items = try parseItems().0
    guard items.count == 2, case .mark(let close) = kind, close == "[" || close == "]" else { throw .unexpected }
    advance()
    return .interval(items[0], items[1], closed: .init(lower: false, upper: close == "]"))
  }

  /// `{x | condition}` and `{x : condition}` are the condition; nil when these braces list members.
  private mutating func takeSetBuilder(_ open: String) throws(Failure) -> Expression? {
    switch kind {
    case .letter: break
    case .mark("(") where isTupleOfLetters: break
    default: return nil
    }
    guard count(":", from: position) > 0 || !count("|", from: position).isMultiple(of: 2) else { return nil }
    endsAtBar = true
    defer { endsAtBar = false }
    let variable = try parseRelation()
    guard isMark("|") || isMark(":") else { throw .unexpected }
    advance()
    endsAtBar = false
    let condition = try parseAnswer()
    try expect(open == "{" ? "}" : "\\}")
    if case .relation(let sides, [.element]) = variable, case .symbol = sides[0] { return condition }
    if case .symbol = variable { return condition }
    if case .tuple = variable { return condition }
    return .function("suchthat", [variable, condition])
  }

  /// Whether `x |` or `x ∈ ℝ |` follows a plain brace.
  private var opensSetBuilder: Bool {
    kind(at: 1) == .mark("|")
      || (kind(at: 1) == .mark("∈") && (kind(at: 3) == .mark("|") || kind(at: 3) == .mark(":")))
  }

  /// Whether `(x, y) |` follows.
  private var isTupleOfLetters: Bool {
    var offset = 1
    while true {
      switch kind(at: offset) {
      case .letter, .mark(","): offset += 1
      case .mark(")"): return kind(at: offset + 1) == .mark("|") || kind(at: offset + 1) == .mark(":")
      default: return false
      }
    }
  }

  private mutating func parseBars() throws(Failure) -> Expression {
    // \|v\| and ||v|| are one pair of bars.
    openBars += 1
    let inner = try parseSum()
    openBars -= 1
    try expect("|")
    if case .matrix(let rows) = inner { return .determinant(rows) }
    return .function("abs", [inner])
  }

  private mutating func parseUntil(_ close: String, function: String) throws(Failure) -> Expression {
    let inner = try unbarred { parser throws(Failure) in try parser.parseSum() }
    try expect(close)
    return .function(function, [inner])
  }
}
