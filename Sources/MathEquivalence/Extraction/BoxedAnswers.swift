/// The contents of `\boxed{}`, `\fbox{}` and `\framebox{}`.
enum BoxedAnswers {
  /// The last box, preceded by those that only a few words without numbers part from it.
  static func last(in output: String) -> String? {
    let bytes = Array(output.utf8)
    // A box without content, as in "I was asked to use \boxed{}", is no answer.
    let boxes = boxes(in: bytes).filter { !isBlank(bytes[$0.content]) }
    guard let final = boxes.last else { return unbraced(in: output) }
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

  /// What is left of the text behind a box that never closes.
  static func unclosed(in text: String) -> String? {
    guard let box = Substring(text).utf8.lastRange(of: "\\boxed{") else { return nil }
    return AnnouncedAnswers.clean(text[box.upperBound...])
  }

  /// `\boxed 7`: TeX takes one token, and people mean the number.
  private static func unbraced(in output: String) -> String? {
    guard let box = Substring(output).utf8.lastRange(of: "\\boxed") else { return nil }
    let rest = output[box.upperBound...].drop(while: \.isWhitespace)
    let digits = rest.first == "-" || rest.first == "−" ? rest.dropFirst() : rest
    guard digits.first?.isNumber == true else { return nil }
    let answer = rest.prefix { !$0.isWhitespace && $0 != "$" }
    return AnnouncedAnswers.clean(answer)
  }

  /// Whether there is nothing in the box, or only what an instruction puts there.
  private static func isBlank(_ content: ArraySlice<UInt8>) -> Bool {
    guard content.contains(where: { $0 > 32 }) else { return true }
    guard content.count <= 24, !content.contains(where: { $0 >= 48 && $0 <= 57 }) else { return false }
    var text = String(decoding: content, as: UTF8.self)
    for space in ["\\qquad", "\\quad", "\\text", "\\ldots", "\\dots", "\\cdots", "\\phantom", "\\boxed"] {
      text = text.replacing(space, with: " ")
    }
    let ink = text.lowercased().filter { !$0.isWhitespace && !"\\{},;:!~.…_?$".contains($0) }
    return ink.isEmpty || ["answer", "youranswer", "finalanswer"].contains(ink)
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

  /// Where `\boxed` begins, when it stands right before the brace, or before options in square brackets.
  private static func boxStart(_ bytes: [UInt8], before brace: Int) -> Int? {
    var end = brace
    func skipSpaces() { while end > 0, bytes[end - 1] <= 32 { end -= 1 } }
    skipSpaces()
    while end > 0, bytes[end - 1] == UInt8(ascii: "]"),
      let open = bytes[max(0, end - 24)..<end].lastIndex(of: UInt8(ascii: "["))
    {
      end = open
      skipSpaces()
    }
    for name in ["boxed", "fbox", "framebox", "bbox", "\u{8}oxed"] {
      let start = end - name.utf8.count
      if start >= 0, bytes[start..<end].elementsEqual(name.utf8) { return start }
    }
    return nil
  }

  /// Whether there is only a line of signs between the boxes, "-----" or "+++".
  private static func isRule(_ bytes: ArraySlice<UInt8>) -> Bool {
    let ink = bytes.filter { $0 > 32 && !"$\\{}".utf8.contains($0) }
    return ink.count > 2 && Set(ink).count == 1 && "-+*=_".utf8.contains(ink[0])
  }

  /// Whether the text between two boxes only joins them: separators, or a word or two around "and".
  private static func isJoint(_ bytes: ArraySlice<UInt8>) -> Bool {
    if isRule(bytes) { return true }
    guard bytes.count <= 48, let lexer = Lexer.tokens(of: String(decoding: bytes, as: UTF8.self), commas: .separator)
    else { return false }
    let words = lexer.tokens.compactMap { if case .word(let word) = $0.kind { word } else { nil } }
    // "\boxed{3} cats and \boxed{4} dogs"
    guard words.isEmpty || (words.count < 4 && words.contains(where: Vocabulary.separators.contains)) else {
      return false
    }
    // "x = \\boxed{2} or x = \\boxed{3}"
    let namesNext = lexer.tokens.last?.kind == .mark("=") && !words.isEmpty
    return lexer.tokens.allSatisfy { token in
      switch token.kind {
      case .word: true
      case .letter, .mark("="): namesNext
      case .mark(let mark): [",", ";", "{", "}", "→"].contains(mark)
      default: false
      }
    }
  }
}
