/// The letters of a multiple-choice answer: `C`, `(C)`, `\text{C}`, `(C) 15`, `option C`, `A, C`.
struct ChoiceLetter {
  /// Sorted; several if more than one choice is right.
  let letters: [String]
  /// Whether brackets or text mark them as letters; then they may be written small.
  let isMarked: Bool

  /// Reads the letters; nil when the answer is something else.
  init?(_ tokens: [Token], text: String) {
    var rest = tokens[...]
    while case .word(let word)? = rest.first?.kind, ["option", "choice", "answer"].contains(word.lowercased()) {
      rest.removeFirst()
    }
    let isBracketed = rest.contains { $0.kind == .mark("(") }
    isMarked = isBracketed || text.contains("\\text") || text.contains("\\mathrm")
    if let letters = Self.letters(in: rest) {
      self.letters = letters
    } else if let letter = Self.letterBeforeChoice(rest, text: text) {
      letters = [letter]
    } else {
      return nil
    }
  }

  /// The letters when there is nothing but them, brackets and separators.
  private static func letters(in tokens: ArraySlice<Token>) -> [String]? {
    var letters: [String] = []
    for token in tokens {
      switch token.kind {
      case .mark("("), .mark(")"), .mark("{"), .mark("}"), .mark(","), .mark(";"), .word("and"): continue
      case .letter(let name), .word(let name):
        guard name.allSatisfy(isChoice) else { return nil }
        letters += name.map(String.init)
      default: return nil
      }
    }
    // Small letters side by side are a product.
    guard letters.count == 1 || letters.allSatisfy({ $0 == $0.uppercased() }), !letters.isEmpty,
      Set(letters).count == letters.count
    else { return nil }
    return letters.sorted()
  }

  /// The letter of `(C) 15`, `C) 15`, `C. 15`, `C: a photon`, `C - a photon` and `C, a photon`.
  private static func letterBeforeChoice(_ tokens: ArraySlice<Token>, text: String) -> String? {
    let ink = tokens.drop { [.mark("("), .mark("{"), .mark("[")].contains($0.kind) }
    let name: String
    switch ink.first?.kind {
    case .letter(let letter)?, .word(let letter)?: name = letter
    default: return nil
    }
    guard name.count == 1, name.allSatisfy(isChoice), name == name.uppercased() else { return nil }
    let option = ink.dropFirst(2)
    switch ink.dropFirst().first?.kind {
    case .mark(")")?, .mark("]")?: return name
    case .mark(":")?: return option.first?.spaced == true || saysSomething(option) ? name : nil
    case .mark("-")?: return option.first?.spaced == true && saysSomething(option) ? name : nil
    case .mark(",")?: return saysSomething(option) && !beginsWithChoice(option) ? name : nil
    default: return isFollowedByFullStop(name, text) ? name : nil
    }
  }

  private static func isFollowedByFullStop(_ name: String, _ text: String) -> Bool {
    guard let stop = text.firstRange(of: name + "."), let next = text[stop.upperBound...].first else { return false }
    return !next.isASCII || !(next.isLetter || next.isNumber)
  }

  private static func saysSomething(_ option: ArraySlice<Token>) -> Bool {
    option.contains { token in
      guard case .word(let word) = token.kind else { return false }
      return word.count > 2 || !word.allSatisfy(\.isASCII)
    }
  }

  /// "A, B and some more" chooses two.
  private static func beginsWithChoice(_ option: ArraySlice<Token>) -> Bool {
    switch option.first?.kind {
    case .letter(let name)?, .word(let name)?: name.count == 1 && name == name.uppercased()
    default: true
    }
  }

  private static func isChoice(_ character: Character) -> Bool {
    ("A"..."J").contains(character) || ("a"..."j").contains(character)
  }

  /// Whether both choose the same.
  func agrees(with other: ChoiceLetter) -> Bool {
    letters == other.letters
      || ((isMarked || other.isMarked) && letters.map { $0.uppercased() } == other.letters.map { $0.uppercased() })
  }
}
