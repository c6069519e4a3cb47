/// Reads a number as it is written: `12`, `3.5`, `.5`, `1,234`, `14{,}916`, `1 000`, `7'400`, `2.5E2`, `0.(3)`.
///
/// This is the one rule for numbers: the lexer reads answers by it, and the search for the last number finds by it
/// where a number in a sentence ends.
struct NumberReader {
  let characters: [Unicode.Scalar]
  let commas: CommaReading
  var position: Int
  /// Whether another reading of a comma between digits would give other numbers.
  private(set) var hasAmbiguousComma = false
  /// Whether a comma could be the decimal point.
  private(set) var hasDecimalComma = false

  init(_ characters: [Unicode.Scalar], at position: Int, commas: CommaReading) {
    self.characters = characters
    self.commas = commas
    self.position = position
  }

  /// The number that begins here; the position is then behind it.
  mutating func number() -> WrittenNumber {
    var number = WrittenNumber(whole: digits())
    if number.whole.isEmpty { number.whole = "0" }
    let separator = joinGroups(&number)
    if peek() == ".", peek(1)?.isDigit == true {
      position += 1
      number.fraction = digits()
      joinFractionGroups(&number)
    } else if peek() == ".", repetition(at: position + 1) != nil {
      position += 1
      number.fraction = ""
    } else if commas == .decimal || separator == .point || separator == .apostrophe, let fraction = decimalComma() {
      number.fraction = fraction
    } else if peek() == "." {
      position += 1
    }
    if number.fraction != nil { readRepetition(&number) }
    readExponent(&number)
    return number
  }

  private func peek(_ offset: Int = 0) -> Unicode.Scalar? {
    position + offset < characters.count ? characters[position + offset] : nil
  }

  private mutating func digits() -> String {
    var text = ""
    while let character = peek(), character.isDigit {
      text.unicodeScalars.append(character)
      position += 1
    }
    return text
  }

  private func digitCount(at start: Int) -> Int {
    var end = start
    while end < characters.count, characters[end].isDigit { end += 1 }
    return end - start
  }

  private func starts(with text: String, at start: Int) -> Bool {
    start <= characters.count && characters[start...].starts(with: text.unicodeScalars)
  }
}

// MARK: Digits in groups

extension NumberReader {
  /// What stands between the groups of one number.
  private enum Separator {
    case none, comma, typesetComma, space, apostrophe, point, underscore
  }

  /// Takes in the groups that follow, where they are groups of one number; says what parts them.
  private mutating func joinGroups(_ number: inout WrittenNumber) -> Separator {
    noteDecimalComma(after: number.whole)
    guard number.whole.count <= 3, number.whole.first != "0" else { return .none }
    if joinPairs(&number) { return .comma }
    var used = Separator.none
    while let (separator, length) = separator(), used == .none || used == separator {
      let group = position + length
      guard digitCount(at: group) == 3 else { break }
      // 1.234 has a decimal point; 1.234.567 cannot have one.
      if separator == .point, used == .none {
        guard group + 3 < characters.count, characters[group + 3] == ".", digitCount(at: group + 4) == 3 else { break }
      }
      // No list has a member "075".
      if separator == .comma, characters[group] != "0" {
        hasAmbiguousComma = true
        guard commas == .thousands else { break }
      }
      number.whole.unicodeScalars.append(contentsOf: characters[group..<group + 3])
      position = group + 3
      used = separator
    }
    return used
  }

  /// What may part groups of digits here.
  private func separator() -> (Separator, length: Int)? {
    guard let first = peek() else { return nil }
    switch first {
    case ",":
      if starts(with: #",\!"#, at: position) { return (.typesetComma, starts(with: #",\! "#, at: position) ? 4 : 3) }
      return (.comma, 1)
    case "{":
      for comma in ["{,}", #"{,\!}"#] where starts(with: comma, at: position) {
        return (.typesetComma, comma.unicodeScalars.count)
      }
      return starts(with: #"{\,}"#, at: position) ? (.space, 4) : nil
    case "\\":
      for space in [#"\,"#, #"\ "#, #"\;"#, #"\:"#, #"\thinspace "#] where starts(with: space, at: position) {
        return (.space, space.unicodeScalars.count)
      }
      return nil
    case " ", "~": return (.space, 1)
    case "'", "’": return (.apostrophe, 1)
    case ".": return (.point, 1)
    case "_": return (.underscore, 1)
    default: return nil
    }
  }

  /// `12,34,567`: groups of two and a last one of three, as in India.
  private mutating func joinPairs(_ number: inout WrittenNumber) -> Bool {
    guard number.whole.count <= 2, commas == .thousands else { return false }
    var place = position
    var pairs = 0
    while place < characters.count, characters[place] == ",", digitCount(at: place + 1) == 2 {
      place += 3
      pairs += 1
    }
    guard pairs > 0, place < characters.count, characters[place] == ",", digitCount(at: place + 1) == 3 else {
      return false
    }
    hasAmbiguousComma = true
    let end = place + 4
    number.whole.unicodeScalars.append(contentsOf: characters[position..<end].filter(\.isDigit))
    position = end
    return true
  }

  /// `3.141 592 653`: behind the point, too, digits may stand in threes.
  private mutating func joinFractionGroups(_ number: inout WrittenNumber) {
    guard number.fraction?.count == 3 else { return }
    while let (separator, length) = separator(), separator == .space, digitCount(at: position + length) == 3 {
      let group = position + length
      number.fraction?.unicodeScalars.append(contentsOf: characters[group..<group + 3])
      position = group + 3
    }
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
}

// MARK: Digits that repeat, and powers of ten

extension NumberReader {
  private mutating func readRepetition(_ number: inout WrittenNumber) {
    guard let (digits, end) = repetition(at: position) ?? markedDigits(&number) else { return }
    number.repeating = digits
    position = end
  }

  /// The digits that repeat for ever: `\overline{27}`, `\bar6`, `\dot{1}4285\dot{7}`, `(3)`.
  private func repetition(at start: Int) -> (digits: String, end: Int)? {
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
  private func argument(at start: Int) -> (digits: String, end: Int)? {
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
  private func markedDigits(_ number: inout WrittenNumber) -> (digits: String, end: Int)? {
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

  private func isMark(at place: Int) -> Bool {
    place < characters.count && (characters[place] == "\u{307}" || characters[place] == "\u{305}")
  }

  private func text(_ range: Range<Int>) -> String { String(String.UnicodeScalarView(characters[range])) }

  private mutating func readExponent(_ number: inout WrittenNumber) {
    guard let mark = peek(), mark == "E" || mark == "e" else { return }
    let signed = peek(1) == "-" || peek(1) == "+"
    guard let first = peek(signed ? 2 : 1), first.isDigit else { return }
    let isNegative = peek(1) == "-"
    position += signed ? 2 : 1
    let magnitude = Int(digits().prefix(18)) ?? 0
    number.exponent = isNegative ? -magnitude : magnitude
  }
}
