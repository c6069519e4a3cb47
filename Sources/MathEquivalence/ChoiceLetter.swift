/// The letter of a multiple-choice answer: `C`, `(C)`, `\text{C}`, `(C) 15`.
struct ChoiceLetter {
  let letter: String
  /// Whether brackets or text mark it as a letter; then it may be written small.
  let isMarked: Bool

  /// Reads the letter; nil when the answer is something else.
  init?(_ tokens: [Token], text: String) {
    var rest = tokens[...]
    var isBracketed = false
    while let first = rest.first, first.kind == .mark("(") || first.kind == .mark("{") {
      isBracketed = isBracketed || first.kind == .mark("(")
      rest.removeFirst()
    }
    switch rest.popFirst()?.kind {
    case .letter(let name)?, .word(let name)?: letter = name
    default: return nil
    }
    guard letter.utf8.count == 1, let code = letter.utf8.first, (65...74).contains(code & 0xDF) else { return nil }
    let isLone = rest.allSatisfy { $0.kind == .mark(")") || $0.kind == .mark("}") }
    guard isLone || (rest.first?.kind == .mark(")") && isBracketed) else { return nil }
    isMarked = isBracketed || text.contains("\\text") || text.contains("\\mathrm")
  }

  /// Whether both choose the same.
  func agrees(with other: ChoiceLetter) -> Bool {
    letter == other.letter || ((isMarked || other.isMarked) && letter.uppercased() == other.letter.uppercased())
  }
}
