extension NumberSearch {
  static let counted: Set<String> = [
    "step", "steps", "case", "equation", "eq", "figure", "fig", "table", "section", "lemma", "theorem", "schritt",
  ]

  func isReference(_ start: Int, _ end: Int) -> Bool {
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
  func isNumberOfSomething(_ start: Int) -> Bool {
    guard let before = scalar(start - 1), before == " " || before == "-" else { return false }
    var first = start - 1
    while let letter = scalar(first - 1), letter.isLatinLetter, start - first < 12 { first -= 1 }
    guard first < start - 2 else { return false }
    if before == "-" { return true }
    return Self.counted.contains(String(String.UnicodeScalarView(text[first..<start - 1])).lowercased())
  }
}
