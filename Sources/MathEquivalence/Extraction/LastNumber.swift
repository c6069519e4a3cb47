/// The last number of a text, with its sign, its fraction, its power of ten and its percent sign.
///
/// Where a number ends is decided by the rule that answers are read by, so `1{,}200`, `3 × 10^8` and `2 3/4` are one
/// number each. Digits of a name, a unit or a formula of chemistry, `cm2`, `m^3`, `CO2`, are none.
enum LastNumber {
  static func last(in output: String) -> String? {
    // The end of a long text is enough, unless there is no number in it.
    let tail = output.utf8.count > 2_400 ? String(decoding: output.utf8.suffix(2_000), as: UTF8.self) : output
    return NumberSearch(tail).last ?? (tail.utf8.count < output.utf8.count ? NumberSearch(output).last : nil)
  }
}

/// Goes through a text from number to number.
struct NumberSearch {
  private let text: [Unicode.Scalar]
  private var position = 0

  init(_ text: String) { self.text = Characters.folded(text) }

  /// The last number; one that only counts steps, cites or names something only where there is no other.
  var last: String? {
    var search = self
    var (found, weak): (String?, String?) = (nil, nil)
    while let number = search.next() {
      if number.isReference { weak = number.text } else { found = number.text }
    }
    return found ?? weak
  }

  /// The one number that is a sum of money, where the others are none.
  var onlySum: String? {
    var search = self
    var sums: [String] = []
    while true {
      let start = search.position
      guard let number = search.next() else { break }
      let isSum = search.isSum(from: start, to: search.position, number.text)
      if isSum { sums.append(number.text) }
    }
    return sums.count == 1 ? sums[0] : nil
  }

  /// Whether a currency sign stands beside the number that ends here.
  private func isSum(from start: Int, to end: Int, _ number: String) -> Bool {
    let first = end - number.unicodeScalars.count
    let signs = "$€£¥₹".unicodeScalars
    let before = scalar(first - 1).map(signs.contains) ?? false
    let behind = scalar(end) == " " ? scalar(end + 1) : scalar(end)
    return first >= start && (before || behind.map(signs.contains) ?? false)
  }

  private struct Found {
    var text: String
    /// Whether the number may only count or cite: the 3 of "3. Then", of "[3]" and of "Step 3".
    var isReference: Bool
  }

  private mutating func next() -> Found? {
    while position < text.count {
      let start = position
      guard startsNumber(at: start) else {
        position += 1
        continue
      }
      guard isFree(at: start) else {
        skipName()
        continue
      }
      let end = endOfNumber(from: start)
      position = end
      let sign = minus(before: start)
      let number = String(String.UnicodeScalarView(text[start..<end]))
      return Found(text: sign + number.withoutFullStop + percent(), isReference: isReference(start, end))
    }
    return nil
  }

  private func scalar(_ index: Int) -> Unicode.Scalar? { text.indices.contains(index) ? text[index] : nil }

  private func starts(with pattern: String, at index: Int) -> Bool {
    index < text.count && text[index...].starts(with: pattern.unicodeScalars)
  }

  private func startsNumber(at index: Int) -> Bool {
    let first = text[index]
    return first.isDigit || (first == "." && scalar(index + 1)?.isDigit == true && scalar(index - 1)?.isDigit != true)
      || Vocabulary.fractions[first] != nil || (first == "\\" && fraction(at: index) != nil)
  }

  /// Steps over the digits and letters of a name.
  private mutating func skipName() {
    position += 1
    while let next = scalar(position), next.isDigit || next.isLatinLetter { position += 1 }
  }
}

// MARK: Where a number begins

extension NumberSearch {
  /// Whether the number stands for itself: no letter runs into it, and it is neither an exponent nor an index.
  private func isFree(at start: Int) -> Bool {
    guard let before = scalar(start - 1) else { return true }
    if before.isLatinLetter || before.isGreek || (0xC0...0x24F).contains(before.value) {
      return isCurrencyCode(endingAt: start)
    }
    if before == "/", let unit = scalar(start - 2), unit.isLatinLetter { return false }
    var place = start - 1
    while let mark = scalar(place), "{(-+ ".unicodeScalars.contains(mark), start - place < 4 { place -= 1 }
    if let mark = scalar(place), mark == "^" || (mark == "_" && isIndex(place)) { return false }
    if before == "{" { return !isArgument(at: start - 1) }
    return true
  }

  /// Whether the stroke lowers an index; `__42__` is emphasis.
  private func isIndex(_ place: Int) -> Bool {
    guard let base = scalar(place - 1) else { return false }
    return base != "_" && base != " " && base != "\n"
  }

  /// `USD20`, `Rs50`
  private func isCurrencyCode(endingAt end: Int) -> Bool {
    var start = end
    while let letter = scalar(start - 1), letter.isLatinLetter { start -= 1 }
    let code = String(String.UnicodeScalarView(text[start..<end]))
    return ["USD", "EUR", "GBP", "INR", "CNY", "JPY", "CAD", "AUD", "Rs", "RM", "Rp", "kr"].contains(code)
  }

  /// Whether the brace opens what no reader sees as a number: a tag, a label, a distance.
  private func isArgument(at brace: Int) -> Bool {
    for command in ["\\tag", "\\tag*", "\\label", "\\ref", "\\eqref", "\\hspace", "\\vspace"] {
      let start = brace - command.unicodeScalars.count
      if start >= 0, starts(with: command, at: start) { return true }
    }
    return false
  }

  /// The minus sign of the number, unless something it is taken from stands before it: `-5`, `-$5`, `$-5`, `{-}5`.
  private func minus(before start: Int) -> String {
    var place = start - 1
    while let mark = scalar(place), "$€£¥₹{}\\".unicodeScalars.contains(mark) { place -= 1 }
    if scalar(place) == " ", scalar(place - 1) == "-", "=:(".unicodeScalars.contains(ink(before: place - 1) ?? " ") {
      place -= 1
    }
    guard scalar(place) == "-" else { return isNegatedInWords(start) ? "-" : "" }
    var before = place - 1
    while scalar(before) == "{" || (scalar(before) == "$" && place - before < 2) { before -= 1 }
    guard let taken = scalar(before) else { return "-" }
    let isTaken =
      taken.isDigit || taken.isLatinLetter || ")}]%!".unicodeScalars.contains(taken)
      || Vocabulary.fractions[taken] != nil
    return isTaken ? "" : "-"
  }

  private func ink(before index: Int) -> Unicode.Scalar? {
    var place = index - 1
    while scalar(place) == " " { place -= 1 }
    return scalar(place)
  }

  /// "minus 5" and "negative 5", but not "9 minus 5".
  private func isNegatedInWords(_ start: Int) -> Bool {
    guard scalar(start - 1) == " " else { return false }
    for word in ["minus", "negative"] {
      let place = start - 1 - word.count
      guard place >= 0, starts(with: word, at: place) else { continue }
      let taken = ink(before: place)
      return word == "negative" || !(taken.map { $0.isDigit || $0 == ")" || $0 == "$" } ?? false)
    }
    return false
  }
}

extension String {
  /// A number without the full stop of its sentence.
  fileprivate var withoutFullStop: String { hasSuffix(".") ? String(dropLast()) : self }
}

// MARK: Where a number ends

extension NumberSearch {
  private func endOfNumber(from start: Int) -> Int {
    if let end = fraction(at: start) { return end }
    if Vocabulary.fractions[text[start]] != nil { return start + 1 }
    var reader = NumberReader(text, at: start, commas: .thousands)
    let number = reader.number()
    let end = text[reader.position - 1] == "." ? reader.position - 1 : reader.position
    if let power = powerOfTen(at: end) ?? power(at: end) { return power }
    if let base = base(at: end) { return base }
    if let close = divided(at: end) { return close }
    guard number.isPlainInteger else { return end }
    return mixed(whole: number, at: end) ?? ratio(at: end) ?? end
  }

  private func skipSpaces(_ index: Int) -> Int {
    var index = index
    while scalar(index) == " " { index += 1 }
    return index
  }

  private func integer(at start: Int) -> Int? {
    var end = start
    while scalar(end)?.isDigit == true { end += 1 }
    return end > start ? end : nil
  }

  /// `\frac{2}{5}`, `\dfrac25`
  private func fraction(at start: Int) -> Int? {
    guard text[start] == "\\", let name = ["\\frac", "\\dfrac", "\\tfrac"].first(where: { starts(with: $0, at: start) })
    else { return nil }
    guard let top = argument(at: start + name.utf8.count) else { return nil }
    return argument(at: top)
  }

  /// A whole number as the argument of a command.
  private func argument(at start: Int) -> Int? {
    let start = skipSpaces(start)
    guard scalar(start) == "{" else { return scalar(start)?.isDigit == true ? start + 1 : nil }
    guard let end = integer(at: scalar(start + 1) == "-" ? start + 2 : start + 1), scalar(end) == "}" else { return nil }
    return end + 1
  }

  /// ` × 10^8`, `x10^-19`, `\cdot 10^{5}`
  private func powerOfTen(at end: Int) -> Int? {
    var place = skipSpaces(end)
    if let name = ["\\times", "\\cdot"].first(where: { starts(with: $0, at: place) }) {
      place += name.utf8.count
    } else if let sign = scalar(place), "xX×*·⋅∙•".unicodeScalars.contains(sign) {
      place += 1
    } else {
      return nil
    }
    place = skipSpaces(place)
    guard starts(with: "10", at: place) else { return nil }
    return power(at: skipSpaces(place + 2))
  }

  /// `^8`, `^{-19}`, `**5`, `⁻³¹` behind a number.
  private func power(at start: Int) -> Int? {
    var place = start
    while scalar(place)?.superscript != nil { place += 1 }
    if place > start { return place }
    if starts(with: "**", at: place) { place += 2 } else if scalar(place) == "^" { place += 1 } else { return nil }
    place = skipSpaces(place)
    let bracket = scalar(place)
    if bracket == "{" || bracket == "(" { place += 1 }
    if scalar(place) == "-" || scalar(place) == "+" { place += 1 }
    guard let end = integer(at: place) else { return nil }
    guard bracket == "{" || bracket == "(" else { return end }
    return scalar(end) == (bracket == "{" ? "}" : ")") ? end + 1 : nil
  }

  /// `1011_2`
  private func base(at end: Int) -> Int? {
    guard scalar(end) == "_" else { return nil }
    return argument(at: end + 1).map { scalar(end + 1) == "{" ? $0 : integer(at: end + 1) ?? $0 }
  }

  /// `3/4`; a date has two strokes.
  private func divided(at end: Int) -> Int? {
    guard scalar(end) == "/", let close = integer(at: end + 1), scalar(close) != "/" else { return nil }
    var reader = NumberReader(text, at: end + 1, commas: .thousands)
    _ = reader.number()
    return text[reader.position - 1] == "." ? reader.position - 1 : reader.position
  }

  /// `2 3/4`, `2¾`, `2\frac{3}{4}`
  private func mixed(whole: WrittenNumber, at end: Int) -> Int? {
    let place = skipSpaces(end)
    guard let first = scalar(place), place - end < 2 else { return nil }
    if Vocabulary.fractions[first] != nil { return place + 1 }
    if first == "\\" { return fraction(at: place) }
    guard place > end, let slash = integer(at: place), scalar(slash) == "/", let close = integer(at: slash + 1),
      scalar(close) != "/", let top = value(place..<slash), let bottom = value(slash + 1..<close), top < bottom
    else { return nil }
    return close
  }

  private func value(_ range: Range<Int>) -> Int? { Int(String(String.UnicodeScalarView(text[range]))) }

  /// `2:3` and `12:30`
  private func ratio(at end: Int) -> Int? {
    var close = end
    while scalar(close) == ":", let next = integer(at: close + 1) { close = next }
    return close > end ? close : nil
  }

  /// The percent sign behind the number.
  private mutating func percent() -> String {
    var place = skipSpaces(position)
    if scalar(place) == "\\" { place += 1 }
    guard scalar(place) == "%" else { return "" }
    position = place + 1
    return "%"
  }
}

// MARK: What a number is for

extension NumberSearch {
  private static let counted: Set<String> = [
    "step", "steps", "case", "equation", "eq", "figure", "fig", "table", "section", "lemma", "theorem", "schritt",
  ]

  private func isReference(_ start: Int, _ end: Int) -> Bool {
    if scalar(start - 1) == "[", scalar(end) == "]", scalar(start - 2) != "{" { return true }
    let isAtLineStart = ink(before: start).map { $0 == "\n" } ?? true
    if isAtLineStart, scalar(end) == "." || scalar(end) == ")", scalar(end + 1) == " ",
      scalar(skipSpaces(end + 1))?.properties.isAlphabetic == true
    {
      return true
    }
    return isNumberOfSomething(start)
  }

  /// "Step 3", and the hyphen of "COVID-19".
  private func isNumberOfSomething(_ start: Int) -> Bool {
    guard let before = scalar(start - 1), before == " " || before == "-" else { return false }
    var first = start - 1
    while let letter = scalar(first - 1), letter.isLatinLetter, start - first < 12 { first -= 1 }
    guard first < start - 2 else { return false }
    if before == "-" { return true }
    return Self.counted.contains(String(String.UnicodeScalarView(text[first..<start - 1])).lowercased())
  }
}
