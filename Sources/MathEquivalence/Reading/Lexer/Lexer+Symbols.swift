extension Lexer {
  /// `\mathbb{R}`, with braces or without.
  mutating func lexNumberSet() {
    let name: String
    if let argument = braced() {
      name = argument
    } else {
      while peek() == " " { position += 1 }
      guard let letter = peek(), letter.isLatinLetter else { return spaced = true }
      position += 1
      name = String(letter)
    }
    emit(.letter(Vocabulary.numberSets[name] ?? name))
  }

  /// A bold R, N, Z or Q is a set of numbers; other bold things are themselves.
  mutating func lexBold() {
    guard peek() == "{", peek(2) == "}", let letter = peek(1), letter != "C",
      let set = Vocabulary.numberSets[String(letter)]
    else { return spaced = true }
    position += 3
    emit(.letter(set))
  }

  /// `\char"03B5`: a character by its number.
  mutating func lexCharacterCode() {
    let isHexadecimal = peek() == "\""
    if isHexadecimal { position += 1 }
    let code = String(String.UnicodeScalarView(characters[position...].prefix { $0.properties.isASCIIHexDigit }))
    position += code.unicodeScalars.count
    guard let value = UInt32(code, radix: isHexadecimal ? 16 : 10), let scalar = Unicode.Scalar(value),
      let folded = Characters.folded(String(scalar)).first, folded.isGreek || folded.isLatinLetter
    else { return spaced = true }
    emit(.letter(String(folded)))
  }
}
