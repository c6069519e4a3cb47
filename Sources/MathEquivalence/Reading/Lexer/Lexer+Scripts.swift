extension Lexer {
  /// Reads raised or lowered characters, `⁻³¹` and `₁₂`, as one script; `¹/₂` is a fraction.
  mutating func lexScript(_ mark: String, _ plain: KeyPath<Unicode.Scalar, Unicode.Scalar?>) {
    func run(_ plain: KeyPath<Unicode.Scalar, Unicode.Scalar?>, at start: Int) -> [Unicode.Scalar] {
      characters[start...].prefix { $0[keyPath: plain] != nil }.compactMap { $0[keyPath: plain] }
    }
    let script = run(plain, at: position)
    position += script.count
    if mark == "^", peek() == "/" {
      let bottom = run(\.subscripted, at: position + 1)
      if !bottom.isEmpty {
        position += 1 + bottom.count
        emit(.command("frac"))
        emitBraced(script)
        return emitBraced(bottom)
      }
    }
    emit(.mark(mark))
    emitBraced(script)
  }

  private mutating func emitBraced(_ script: [Unicode.Scalar]) {
    emit(.mark("{"))
    var digits = ""
    func number() -> Token.Kind { .number(WrittenNumber(whole: digits)) }
    for character in script {
      if character.isDigit {
        digits.unicodeScalars.append(character)
        continue
      }
      if !digits.isEmpty { emit(number()) }
      digits = ""
      emit(character.isLatinLetter ? .letter(String(character)) : .mark(String(character)))
    }
    if !digits.isEmpty { emit(number()) }
    emit(.mark("}"))
  }
}
