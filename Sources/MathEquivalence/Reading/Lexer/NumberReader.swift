/// Reads a number as it is written: `12`, `3.5`, `.5`, `1,234`, `14{,}916`, `1 000`, `7'400`, `2.5E2`, `0.(3)`.
///
/// This is the one rule for numbers: the lexer reads answers by it, and the search for the last number finds by it
/// where a number in a sentence ends.
struct NumberReader {
  let characters: [Unicode.Scalar]
  let commas: CommaReading
  var position: Int
  /// Whether another reading of a comma between digits would give other numbers.
  var hasAmbiguousComma = false
  /// Whether a comma could be the decimal point.
  var hasDecimalComma = false

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
    } else if commas == .decimal || isDecimalComma(behind: separator), let fraction = decimalComma() {
      number.fraction = fraction
    } else if peek() == "." {
      position += 1
    }
    if number.fraction != nil { readRepetition(&number) }
    readExponent(&number)
    return number
  }

  func peek(_ offset: Int = 0) -> Unicode.Scalar? {
    position + offset < characters.count ? characters[position + offset] : nil
  }

  mutating func digits() -> String {
    var text = ""
    while let character = peek(), character.isDigit {
      text.unicodeScalars.append(character)
      position += 1
    }
    return text
  }

  func digitCount(at start: Int) -> Int {
    var end = start
    while end < characters.count, characters[end].isDigit { end += 1 }
    return end - start
  }

  func starts(with text: String, at start: Int) -> Bool {
    start <= characters.count && characters[start...].starts(with: text.unicodeScalars)
  }
}
