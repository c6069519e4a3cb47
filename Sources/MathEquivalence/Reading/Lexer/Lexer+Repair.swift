/// What escapes and careless copying do to LaTeX, undone.
extension Lexer {
  /// Superscripts and subscripts of a web page, after their `<`: `3<sup>x</sup>` is `3^{x}`.
  mutating func lexMarkup() -> Bool {
    for (tag, marks) in [("sup>", ["^", "{"]), ("sub>", ["_", "{"]), ("/sup>", ["}"]), ("/sub>", ["}"])]
    where starts(with: tag, at: position) {
      position += tag.count
      for mark in marks { emit(.mark(mark)) }
      return true
    }
    return false
  }

  /// A text whose every command has two backslashes was escaped once too often; its rows then end with four.
  static func unescaped(_ characters: [Unicode.Scalar]) -> [Unicode.Scalar] {
    var result: [Unicode.Scalar] = []
    var hasCommand = false
    var index = 0
    while index < characters.count {
      var run = 0
      while index + run < characters.count, characters[index + run] == "\\" { run += 1 }
      guard run > 0 else {
        result.append(characters[index])
        index += 1
        continue
      }
      guard run.isMultiple(of: 2) else { return characters }
      hasCommand = hasCommand || (run == 2 && characters[(index + 2)...].starts(with: "begin{".unicodeScalars))
      result += repeatElement("\\", count: run / 2)
      index += run
    }
    return hasCommand ? result : characters
  }

  /// `_9_` and `__9__`: strokes before and behind mark emphasis.
  static func withoutUnderlining(_ characters: [Unicode.Scalar]) -> [Unicode.Scalar] {
    guard characters.first == "_", characters.last == "_" else { return characters }
    let inner = characters.drop { $0 == "_" }
    guard let last = inner.lastIndex(where: { $0 != "_" }) else { return characters }
    return Array(inner[...last])
  }

  /// Leaves out braces that never close or never opened: an answer cut out of a line is read all the same.
  mutating func dropUnmatchedBraces() {
    var open: [Int] = []
    var unmatched: Set<Int> = []
    for (index, token) in tokens.enumerated() {
      if token.kind == .mark("{") {
        open.append(index)
      } else if token.kind == .mark("}"), open.popLast() == nil {
        unmatched.insert(index)
      }
    }
    unmatched.formUnion(open)
    guard !unmatched.isEmpty else { return }
    tokens = tokens.enumerated().filter { !unmatched.contains($0.offset) }.map(\.element)
  }

  /// The command that a string escape has damaged, if the letters after the control character complete one.
  static func brokenCommand(_ control: Unicode.Scalar, before rest: ArraySlice<Unicode.Scalar>) -> String? {
    let first: Character = ["\u{8}": "b", "\u{C}": "f", "\t": "t", "\r": "r"][control] ?? "?"
    var name = String(first)
    for character in rest.prefix(12) {
      guard character.isLatinLetter else { break }
      name.unicodeScalars.append(character)
    }
    return name.count > 2 && isKnownCommand(name) ? name : nil
  }
}
