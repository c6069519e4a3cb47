extension Lexer {
  /// Finds the units behind numbers, and makes words of their letters: in `7 g/cm^3` the g is no factor.
  mutating func markUnits() {
    var index = 0
    while index < tokens.count {
      if endsNumber(at: index) {
        if let unit = fractionOfUnits(at: index + 1) ?? unit(at: index + 1) {
          tokens.replaceSubrange(unit.range, with: unit.tokens)
          index += unit.tokens.count
        }
      }
      index += 1
    }
  }

  private struct UnitTokens {
    var range: Range<Int>
    var tokens: [Token]
  }

  private func endsNumber(at index: Int) -> Bool {
    switch tokens[index].kind {
    case .number, .mark("}"), .mark(")"): true
    default: false
    }
  }

  private func kind(at index: Int) -> Token.Kind { index < tokens.count ? tokens[index].kind : .end }

  /// The unit that begins here; nil if the letters may be factors.
  private func unit(at start: Int) -> UnitTokens? {
    guard let (end, marked, isCertain) = chain(from: start), endsItem(at: end) else { return nil }
    let isSingle = marked.count { if case .word = $0.kind { true } else { false } } == 1
    let isLone = isSingle && tokens[start].spaced && isNumber(at: start - 1) && !closes(at: end)
    guard isCertain || isLone else { return nil }
    return UnitTokens(range: start..<end, tokens: marked)
  }

  /// `\frac{g}{cm^3}` behind a number.
  private func fractionOfUnits(at start: Int) -> UnitTokens? {
    guard kind(at: start) == .command("frac"), kind(at: start + 1) == .mark("{"),
      let (end, top, first) = chain(from: start + 2), kind(at: end) == .mark("}"), kind(at: end + 1) == .mark("{"),
      let (close, bottom, second) = chain(from: end + 2), kind(at: close) == .mark("}"), first || second
    else { return nil }
    return UnitTokens(
      range: start..<close + 1, tokens: top + [Token(kind: .mark("/"), spaced: false)] + bottom)
  }

  private func isNumber(at index: Int) -> Bool {
    if case .number = kind(at: index) { true } else { false }
  }

  /// Units, their powers, and what joins them. Certain if one of them can only be a unit.
  private func chain(from start: Int, isBracketed: Bool = false) -> (end: Int, tokens: [Token], isCertain: Bool)? {
    var (index, result, isCertain) = (start, [Token](), false)
    while let (name, length, isSymbol) = symbol(at: index) {
      result.append(Token(kind: .word(name), spaced: tokens[index].spaced))
      isCertain = isCertain || isSymbol
      index += length
      if let (power, length, isAttached) = power(at: index) {
        result += power
        isCertain = isCertain || (isAttached && ["m", "s"].contains(name))
        index += length
      }
      guard kind(at: index) == .mark("/") || kind(at: index) == .mark("*") else { continue }
      if symbol(at: index + 1) != nil {
        result.append(tokens[index])
        index += 1
      } else if kind(at: index + 1) == .mark("("), !isBracketed,
        let (end, inner, isUnit) = chain(from: index + 2, isBracketed: true), kind(at: end) == .mark(")")
      {
        result += tokens[index...index + 1] + inner + [tokens[end]]
        isCertain = isCertain || isUnit
        index = end + 1
      }
    }
    return result.isEmpty ? nil : (index, result, isCertain)
  }

  /// The unit at this place, and whether it is more than a letter that may be a factor.
  private func symbol(at index: Int) -> (name: String, length: Int, isSymbol: Bool)? {
    switch kind(at: index) {
    case .word(let word) where Units.symbols.contains(word) || Units.letters.contains(word): return (word, 1, true)
    case .letter(let prefix) where ["μ", "k", "M"].contains(prefix),
      .word(let prefix) where ["μ", "k", "M"].contains(prefix):
      guard index + 1 < tokens.count else { return nil }
      switch tokens[index + 1].kind {
      case .letter(let unit), .word(let unit):
        let isUnit =
          prefix == "μ"
          ? Units.letters.contains(unit) || ["F", "Hz", "mol", "C", "T", "H"].contains(unit) : unit == "Ω"
        return isUnit ? (prefix + unit, 2, true) : nil
      default: return nil
      }
    case .letter(let letter) where Units.letters.contains(letter): return (letter, 1, false)
    default: return nil
    }
  }

  /// The power of a unit: `^3`, `^{-1}`, or the 3 of `m3`.
  private func power(at index: Int) -> (tokens: [Token], length: Int, isAttached: Bool)? {
    if case .number(let number) = kind(at: index), number == WrittenNumber(whole: "2") || number == .init(whole: "3"),
      !tokens[index].spaced, !isAlphanumeric(at: index + 1)
    {
      return ([Token(kind: .mark("^"), spaced: false), tokens[index]], 1, true)
    }
    guard kind(at: index) == .mark("^") else { return nil }
    var end = index + 1
    if kind(at: end) == .mark("{") { end += 1 }
    if kind(at: end) == .mark("-") { end += 1 }
    guard isNumber(at: end) else { return nil }
    end += kind(at: index + 1) == .mark("{") ? 2 : 1
    guard end <= tokens.count else { return nil }
    return (Array(tokens[index..<end]).filter { ![.mark("{"), .mark("}")].contains($0.kind) }, end - index, false)
  }

  private func isAlphanumeric(at index: Int) -> Bool {
    guard index < tokens.count, !tokens[index].spaced else { return false }
    switch tokens[index].kind {
    case .letter, .word, .number: return true
    default: return false
    }
  }

  private func closes(at index: Int) -> Bool {
    [.mark(")"), .mark("}"), .mark("]")].contains(kind(at: index))
  }

  /// Whether a member of the answer ends here: then the letters before belong to its unit.
  private func endsItem(at index: Int) -> Bool {
    switch kind(at: index) {
    case .end, .word: true
    case .mark(let mark): [",", ";", ")", "}", "]", "\\}", "=", "≈"].contains(mark)
    default: false
    }
  }
}
