extension NumberSearch {
  /// Whether the number stands for itself: no letter runs into it, and it is neither an exponent nor an index.
  func isFree(at start: Int) -> Bool {
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
  func isIndex(_ place: Int) -> Bool {
    guard let base = scalar(place - 1) else { return false }
    return base != "_" && base != " " && base != "\n"
  }

  /// `USD20`, `Rs50`
  func isCurrencyCode(endingAt end: Int) -> Bool {
    var start = end
    while let letter = scalar(start - 1), letter.isLatinLetter { start -= 1 }
    let code = String(String.UnicodeScalarView(text[start..<end]))
    return ["USD", "EUR", "GBP", "INR", "CNY", "JPY", "CAD", "AUD", "Rs", "RM", "Rp", "kr"].contains(code)
  }

  /// Whether the brace opens what no reader sees as a number: a tag, a label, a distance.
  func isArgument(at brace: Int) -> Bool {
    for command in ["\\tag", "\\tag*", "\\label", "\\ref", "\\eqref", "\\hspace", "\\vspace"] {
      let start = brace - command.unicodeScalars.count
      if start >= 0, starts(with: command, at: start) { return true }
    }
    return false
  }

  /// The minus sign of the number, unless something it is taken from stands before it: `-5`, `-$5`, `$-5`, `{-}5`.
  func minus(before start: Int) -> String {
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

  func ink(before index: Int) -> Unicode.Scalar? {
    var place = index - 1
    while scalar(place) == " " { place -= 1 }
    return scalar(place)
  }

  /// "minus 5" and "negative 5", but not "9 minus 5".
  func isNegatedInWords(_ start: Int) -> Bool {
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
