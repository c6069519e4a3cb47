/// The contents of `\boxed{}` and `\fbox{}`.
enum BoxedAnswers {
  /// The last box, preceded by those that only a few words without numbers part from it.
  static func last(in output: String) -> String? {
    let bytes = Array(output.utf8)
    let boxes = boxes(in: bytes)
    guard let final = boxes.last else { return nil }
    var joined = [final]
    for box in boxes.dropLast().reversed() {
      guard let first = joined.first, box.end <= first.start, isJoint(bytes[box.end..<first.start]) else { break }
      joined.insert(box, at: 0)
      if joined.count == 16 { break }
    }
    var contents: [String] = []
    for box in joined {
      let content = String(decoding: bytes[box.content], as: UTF8.self)
      if !contents.contains(content) { contents.append(content) }
    }
    return contents.joined(separator: ", ")
  }

  private struct Box {
    let start: Int
    let content: Range<Int>
    var end: Int { content.upperBound + 1 }
  }

  /// All boxes whose braces close, the outer ones only, in one pass.
  private static func boxes(in bytes: [UInt8]) -> [Box] {
    var boxes: [Box] = []
    var open: [(start: Int, content: Int)?] = []
    var index = 0
    while index < bytes.count {
      switch bytes[index] {
      case UInt8(ascii: "\\")
      where index + 1 < bytes.count && bytes[index + 1] != UInt8(ascii: "b")
        && bytes[index + 1] != UInt8(ascii: "f"):
        index += 2
        continue
      case UInt8(ascii: "{"): open.append(boxStart(bytes, before: index).map { ($0, index + 1) })
      case UInt8(ascii: "}"):
        if let opened = open.popLast(), let (start, content) = opened {
          while let inner = boxes.last, inner.start > start { boxes.removeLast() }
          boxes.append(Box(start: start, content: content..<index))
        }
      default: break
      }
      index += 1
    }
    return boxes
  }

  /// Where `\boxed` begins, when it stands right before the brace.
  private static func boxStart(_ bytes: [UInt8], before brace: Int) -> Int? {
    var end = brace
    while end > 0, bytes[end - 1] == UInt8(ascii: " ") { end -= 1 }
    for name in ["boxed", "fbox"] {
      let start = end - name.utf8.count
      if start >= 0, bytes[start..<end].elementsEqual(name.utf8) { return start }
    }
    return nil
  }

  /// Whether the text between two boxes only joins them: separators, or a word or two around "and".
  private static func isJoint(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard bytes.count <= 48, let lexer = Lexer.tokens(of: String(decoding: bytes, as: UTF8.self), commas: .separator)
    else { return false }
    let words = lexer.tokens.compactMap { if case .word(let word) = $0.kind { word } else { nil } }
    // "\boxed{3} cats and \boxed{4} dogs"
    guard words.isEmpty || (words.count < 4 && words.contains(where: Vocabulary.separators.contains)) else {
      return false
    }
    return lexer.tokens.allSatisfy { token in
      switch token.kind {
      case .word: true
      case .mark(let mark): [",", ";", "{", "}", "→"].contains(mark)
      default: false
      }
    }
  }
}
