extension NumberReader {
  mutating func readRepetition(_ number: inout WrittenNumber) {
    guard let (digits, end) = repetition(at: position) ?? markedDigits(&number) else { return }
    number.repeating = digits
    position = end
  }

  /// The digits that repeat for ever: `\overline{27}`, `\bar6`, `\dot{1}4285\dot{7}`, `(3)`.
  func repetition(at start: Int) -> (digits: String, end: Int)? {
    guard start < characters.count else { return nil }
    if characters[start] == "(" {
      let count = digitCount(at: start + 1)
      let end = start + 1 + count
      guard count > 0, end < characters.count, characters[end] == ")" else { return nil }
      return (text(start + 1..<end), end + 1)
    }
    for mark in [#"\overline"#, #"\bar"#] where starts(with: mark, at: start) {
      return argument(at: start + mark.utf8.count)
    }
    guard starts(with: #"\dot"#, at: start), let (first, end) = argument(at: start + 4) else { return nil }
    let between = end + digitCount(at: end)
    guard starts(with: #"\dot"#, at: between), let (last, stop) = argument(at: between + 4) else { return (first, end) }
    return (first + text(end..<between) + last, stop)
  }

  /// The digits of a braced argument, or the one digit that TeX takes without braces.
  func argument(at start: Int) -> (digits: String, end: Int)? {
    var start = start
    while start < characters.count, characters[start] == " " { start += 1 }
    guard start < characters.count else { return nil }
    if characters[start].isDigit { return (text(start..<start + 1), start + 1) }
    guard characters[start] == "{" else { return nil }
    let count = digitCount(at: start + 1)
    let end = start + 1 + count
    guard count > 0, end < characters.count, characters[end] == "}" else { return nil }
    return (text(start + 1..<end), end + 1)
  }

  /// `0.1̇2̇` and `0.2̅7̅`: a dot or a line above the first digit of the period, and above its last one.
  func markedDigits(_ number: inout WrittenNumber) -> (digits: String, end: Int)? {
    guard isMark(at: position), let first = number.fraction?.popLast() else { return nil }
    var (period, reach, place) = (String(first), 1, position + 1)
    var end = place
    while place < characters.count, characters[place].isDigit {
      period.unicodeScalars.append(characters[place])
      place += 1
      if isMark(at: place) {
        place += 1
        (reach, end) = (period.count, place)
      }
    }
    return (String(period.prefix(reach)), end)
  }

  func isMark(at place: Int) -> Bool {
    place < characters.count && (characters[place] == "\u{307}" || characters[place] == "\u{305}")
  }

  func text(_ range: Range<Int>) -> String { String(String.UnicodeScalarView(characters[range])) }

  mutating func readExponent(_ number: inout WrittenNumber) {
    guard let mark = peek(), mark == "E" || mark == "e" else { return }
    let signed = peek(1) == "-" || peek(1) == "+"
    guard let first = peek(signed ? 2 : 1), first.isDigit else { return }
    let isNegative = peek(1) == "-"
    position += signed ? 2 : 1
    let magnitude = Int(digits().prefix(18)) ?? 0
    number.exponent = isNegative ? -magnitude : magnitude
  }
}
