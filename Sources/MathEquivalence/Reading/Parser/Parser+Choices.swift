extension Parser {
  /// Combinations and arrangements as they are written in China and Russia, `C_5^2` and `A_5^2`; nil when the letter
  /// is an ordinary one.
  mutating func takeChoice(named name: String) throws(Failure) -> Expression? {
    guard ["C", "A", "P"].contains(name), isMark("_") || isMark("^") else { return nil }
    let start = position
    let isLower = isMark("_")
    advance()
    guard let first = takeScriptNumber(), isMark(isLower ? "^" : "_") else {
      position = start
      return nil
    }
    advance()
    guard let second = takeScriptNumber() else {
      position = start
      return nil
    }
    let (n, k) = isLower ? (first, second) : (second, first)
    // C_1^2 is the square of a constant.
    if let whole = n.literal, let part = k.literal, part > whole || whole.isZero {
      position = start
      return nil
    }
    // With letters only combinations are as clear as that: A_n^2 may be the square of a matrix.
    if name != "C", n.literal == nil || k.literal == nil {
      position = start
      return nil
    }
    return Self.choice(name, n, k)
  }

  /// A number, or one of the letters that counts are called by, as the whole of a script.
  private mutating func takeScriptNumber() -> Expression? {
    let isBraced = isMark("{")
    let value: Expression
    switch kind(at: isBraced ? 1 : 0) {
    case .number(let written) where written.isPlainInteger && written.whole.count < 6:
      guard let number = Int(written.whole), isBraced || written.whole.count == 1 || !isFollowedByScript else {
        return nil
      }
      value = .int(number)
    case .letter(let letter) where ["n", "m", "k", "r"].contains(letter): value = .symbol(letter)
    default: return nil
    }
    guard !isBraced || kind(at: 2) == .mark("}") else { return nil }
    position += isBraced ? 3 : 1
    return value
  }

  private var isFollowedByScript: Bool { kind(at: 1) == .mark("_") || kind(at: 1) == .mark("^") }

  /// `6C2`, and the `_6C_2` that may stand behind empty braces.
  mutating func takeChoice(of whole: String) throws(Failure) -> Expression? {
    guard case .letter(let name) = kind, name == "C" || name == "P", !isSpaced, let n = Int(whole),
      case .number(let written) = kind(at: 1), written.isPlainInteger, let k = Int(written.whole), k <= n,
      position + 1 < tokens.count, !tokens[position + 1].spaced
    else { return nil }
    position += 2
    return Self.choice(name, .int(n), .int(k))
  }

  /// `{}_6C_2`, `_6C_2` and `{}^6C_2`.
  mutating func takeLeftScript() throws(Failure) -> Expression? {
    let start = position
    if isMark("{"), kind(at: 1) == .mark("}") { position += 2 }
    guard isMark("_") || isMark("^") else {
      position = start
      return nil
    }
    advance()
    guard let n = takeScriptNumber(), let name = takeChoiceLetter(), take("_"), let k = takeScriptNumber() else {
      position = start
      return nil
    }
    return Self.choice(name, n, k)
  }

  private mutating func takeChoiceLetter() -> String? {
    switch kind {
    case .letter(let name) where ["C", "P", "A"].contains(name), .word(let name) where ["C", "P", "A"].contains(name):
      advance()
      return name
    default: return nil
    }
  }

  private static func choice(_ name: String, _ n: Expression, _ k: Expression) -> Expression {
    if name == "C" { return .function("binom", [n, k]) }
    return .quotient(.function("factorial", [n]), .function("factorial", [.sum([n, k.negated])]))
  }
}
