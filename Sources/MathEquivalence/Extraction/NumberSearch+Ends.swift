extension NumberSearch {
  func endOfNumber(from start: Int) -> Int {
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

  func skipSpaces(_ index: Int) -> Int {
    var index = index
    while scalar(index) == " " { index += 1 }
    return index
  }

  func integer(at start: Int) -> Int? {
    var end = start
    while scalar(end)?.isDigit == true { end += 1 }
    return end > start ? end : nil
  }

  /// `\frac{2}{5}`, `\dfrac25`
  func fraction(at start: Int) -> Int? {
    guard text[start] == "\\",
      let name = ["\\frac", "\\dfrac", "\\tfrac"].first(where: { starts(with: $0, at: start) })
    else { return nil }
    guard let top = argument(at: start + name.utf8.count) else { return nil }
    return argument(at: top)
  }

  /// A whole number as the argument of a command.
  func argument(at start: Int) -> Int? {
    let start = skipSpaces(start)
    guard scalar(start) == "{" else { return scalar(start)?.isDigit == true ? start + 1 : nil }
    guard let end = integer(at: scalar(start + 1) == "-" ? start + 2 : start + 1), scalar(end) == "}" else {
      return nil
    }
    return end + 1
  }

  /// ` × 10^8`, `x10^-19`, `\cdot 10^{5}`
  func powerOfTen(at end: Int) -> Int? {
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
  func power(at start: Int) -> Int? {
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
  func base(at end: Int) -> Int? {
    guard scalar(end) == "_" else { return nil }
    return argument(at: end + 1).map { scalar(end + 1) == "{" ? $0 : integer(at: end + 1) ?? $0 }
  }

  /// `3/4`; a date has two strokes.
  func divided(at end: Int) -> Int? {
    guard scalar(end) == "/", let close = integer(at: end + 1), scalar(close) != "/" else { return nil }
    var reader = NumberReader(text, at: end + 1, commas: .thousands)
    _ = reader.number()
    return text[reader.position - 1] == "." ? reader.position - 1 : reader.position
  }

  /// `2 3/4`, `2¾`, `2\frac{3}{4}`
  func mixed(whole: WrittenNumber, at end: Int) -> Int? {
    let place = skipSpaces(end)
    guard let first = scalar(place), place - end < 2 else { return nil }
    if Vocabulary.fractions[first] != nil { return place + 1 }
    if first == "\\" { return fraction(at: place) }
    guard place > end, let slash = integer(at: place), scalar(slash) == "/", let close = integer(at: slash + 1),
      scalar(close) != "/", let top = value(place..<slash), let bottom = value(slash + 1..<close), top < bottom
    else { return nil }
    return close
  }

  func value(_ range: Range<Int>) -> Int? { Int(String(String.UnicodeScalarView(text[range]))) }

  /// `2:3` and `12:30`
  func ratio(at end: Int) -> Int? {
    var close = end
    while scalar(close) == ":", let next = integer(at: close + 1) { close = next }
    return close > end ? close : nil
  }

  /// The percent sign behind the number.
  mutating func percent() -> String {
    var place = skipSpaces(position)
    if scalar(place) == "\\" { place += 1 }
    guard scalar(place) == "%" else { return "" }
    position = place + 1
    return "%"
  }
}
