extension Lexer {
  /// Reads a number: `12`, `3.5`, `.5`, `1,234`, `14{,}916`, `1 000`, `2.5E2`, `0.\overline{3}`.
  mutating func lexNumber() {
    var number = WrittenNumber(whole: digits())
    if number.whole.isEmpty { number.whole = "0" }
    joinThousands(&number)
    if peek() == ".", peek(1)?.isDigit == true {
      position += 1
      number.fraction = digits()
    } else if peek() == ".", repeatingMark(at: position + 1) != nil {
      position += 1
      number.fraction = ""
    } else if commas == .decimal, let fraction = decimalComma() {
      number.fraction = fraction
    } else if peek() == "." {
      position += 1
    }
    if number.fraction != nil { lexRepeating(&number) }
    lexExponent(&number)
    emit(.number(number))
  }

  private mutating func digits() -> String {
    var text = ""
    while let character = peek(), character.isDigit {
      text.unicodeScalars.append(character)
      position += 1
    }
    return text
  }

  /// Takes in the groups of three digits that follow, where they are groups of one number.
  private mutating func joinThousands(_ number: inout WrittenNumber) {
    noteDecimalComma(after: number.whole)
    guard number.whole.count <= 3 else { return }
    while let (separator, plain) = thousandsSeparator() {
      let group = position + separator
      guard group + 3 <= characters.count, characters[group..<group + 3].allSatisfy(\.isDigit),
        group + 3 == characters.count || !characters[group + 3].isDigit
      else { return }
      if plain {
        guard number.whole != "0" else { return }
        // No list has a member "075".
        if characters[group] != "0" {
          hasAmbiguousComma = true
          guard commas == .thousands else { return }
        }
      }
      for character in characters[group..<group + 3] { number.whole.unicodeScalars.append(character) }
      position = group + 3
    }
  }

  /// The length of what may stand between groups of digits here, and whether it could also separate two numbers.
  private func thousandsSeparator() -> (length: Int, plain: Bool)? {
    for separator in ["{,}", ",\\! ", ",\\!", "\\,", "\\ ", "{,\\!}"] where starts(with: separator, at: position) {
      return (separator.unicodeScalars.count, false)
    }
    if peek() == ",", peek(1)?.isDigit == true { return (1, true) }
    if peek() == " ", peek(1)?.isDigit == true { return (1, false) }
    return nil
  }

  /// One digit after a comma is the next member of a list, unless a zero stands before it.
  private mutating func noteDecimalComma(after whole: String) {
    if peek() == ",", peek(1)?.isDigit == true, whole == "0" || peek(2)?.isDigit == true { hasDecimalComma = true }
  }

  private mutating func decimalComma() -> String? {
    guard peek() == ",", peek(1)?.isDigit == true else { return nil }
    position += 1
    return digits()
  }

  private mutating func lexRepeating(_ number: inout WrittenNumber) {
    guard let mark = repeatingMark(at: position) else { return }
    let start = position + mark.count
    var end = start
    while end < characters.count, characters[end].isDigit { end += 1 }
    guard end > start, end < characters.count, characters[end] == "}" else { return }
    number.repeating = String(String.UnicodeScalarView(characters[start..<end]))
    position = end + 1
  }

  /// What opens the digits that repeat.
  private func repeatingMark(at start: Int) -> String? {
    ["\\overline{", "\\bar{", "\\dot{"].first { starts(with: $0, at: start) }
  }

  private mutating func lexExponent(_ number: inout WrittenNumber) {
    guard let mark = peek(), mark == "E" || mark == "e" else { return }
    let signed = peek(1) == "-" || peek(1) == "+"
    guard let first = peek(signed ? 2 : 1), first.isDigit else { return }
    let isNegative = peek(1) == "-"
    position += signed ? 2 : 1
    let text = digits()
    number.exponent = Int(text.prefix(6)).map { isNegative ? -$0 : $0 } ?? 0
  }

  func starts(with text: String, at start: Int) -> Bool {
    start <= characters.count && characters[start...].starts(with: text.unicodeScalars)
  }
}
