import BigInt

extension Parser {
  mutating func parseNumber(_ written: WrittenNumber, inScript: Bool) throws(Failure) -> Expression {
    advance()
    guard let value = written.expression(limits: limits) else { throw .tooDeep }
    if !inScript, isMark("_"), let fraction = written.fraction, written.repeating == nil, written.exponent == nil,
      let base = takeBase()
    {
      return .numeral(digits: written.whole + "." + fraction, base: base)
    }
    guard written.isPlainInteger, !inScript else { return value }
    if isMark("_"), let base = takeBase() { return .numeral(digits: written.whole, base: base) }
    if let choice = try takeChoice(of: written.whole) { return choice }
    if let mixed = takeMixedFraction(whole: value) { return mixed }
    return value
  }

  /// `(1011)_2`: digits in brackets with their base; nil when these brackets hold something else.
  mutating func takeBracketedNumeral() -> Expression? {
    let start = position
    var digits = ""
    var index = 1
    while true {
      switch kind(at: index) {
      case .number(let written) where written.isPlainInteger: digits += written.whole
      case .letter(let letter) where ("A"..."Z").contains(letter): digits += letter
      case .word(let word) where word.allSatisfy({ ("A"..."Z").contains($0) }): digits += word
      case .mark(")") where kind(at: index + 1) == .mark("_") && !digits.isEmpty:
        position += index + 1
        if let base = takeBase(), digits.allSatisfy({ $0.hexDigitValue.map { $0 < base } ?? (base > 16) }) {
          return .numeral(digits: digits, base: base)
        }
        position = start
        return nil
      default: return nil
      }
      index += 1
    }
  }

  /// The base of `204_5`, `204_{5}` or `204_{\text{five}}`.
  private mutating func takeBase() -> Int? {
    if kind(at: 1) == .mark("{"), kind(at: 2) == .mark("("), kind(at: 4) == .mark(")"), kind(at: 5) == .mark("}") {
      // 1011_{(2)}
      tokens.remove(at: position + 4)
      tokens.remove(at: position + 2)
    }
    let braced = kind(at: 1) == .mark("{")
    let base: Int?
    switch kind(at: braced ? 2 : 1) {
    case .number(let written): base = written.isPlainInteger ? Int(written.whole) : nil
    case .word(let word): base = NumberWords.value(of: [word.lowercased()])?.int
    default: base = nil
    }
    guard let base, base > 1, base < 37 else { return nil }
    if braced, kind(at: 3) != .mark("}") { return nil }
    position += braced ? 4 : 2
    return base
  }

  /// The fraction of a mixed number: `1 1/2`, `2\frac58`, `3 \frac{1}{2}`.
  private mutating func takeMixedFraction(whole: Expression) -> Expression? {
    guard let value = whole.literal else { return nil }
    let start = position
    if case .command("frac") = kind {
      if let fraction = takeFractionOfIntegers() { return .number(value + fraction) }
    } else if isSpaced, case .number(let top) = kind, top.isPlainInteger, kind(at: 1) == .mark("/"),
      case .number(let bottom) = kind(at: 2), bottom.isPlainInteger,
      let fraction = Self.properFraction(top.whole, bottom.whole)
    {
      position += 3
      return .number(value + fraction)
    }
    position = start
    return nil
  }

  private mutating func takeFractionOfIntegers() -> Rational? {
    let start = position
    advance()
    if let top = takeInteger(), let bottom = takeInteger(), let fraction = Self.properFraction(top, bottom) {
      return fraction
    }
    position = start
    return nil
  }

  /// The digits of `{12}`, or the first digit of `12`, as TeX reads an argument.
  private mutating func takeInteger() -> String? {
    if isMark("{") {
      guard case .number(let written) = kind(at: 1), written.isPlainInteger, kind(at: 2) == .mark("}") else {
        return nil
      }
      position += 3
      return written.whole
    }
    guard case .number(let written) = kind, written.isPlainInteger, let digit = written.whole.first else { return nil }
    if written.whole.count == 1 {
      advance()
    } else {
      let saved = tokens[position]
      guard let rest = Optional(String(written.whole.dropFirst())), !saved.spaced || rest.count == 1 else { return nil }
      tokens[position].kind = .number(WrittenNumber(whole: rest))
    }
    return String(digit)
  }

  private static func properFraction(_ top: String, _ bottom: String) -> Rational? {
    guard top.count < 19, bottom.count < 19, let a = Int(top), let b = Int(bottom), a > 0, a < b else { return nil }
    return Rational(BigInt(a), BigInt(b))
  }
}
