/// Formulas between delimiters: `$…$`, `$$…$$`, `\(…\)`, `\[…\]`.
enum Formulas {
  static func last(in output: String) -> String? {
    lastGroup(in: output[...]) ?? ranges(in: output[...]).last
  }

  /// The last formula that says a value, with those before it that only "and", "or" or a comma parts from it.
  static func lastGroup(in text: Substring) -> String? {
    let bytes = Array(text.utf8)
    let formulas = formulas(in: bytes)
    guard var first = formulas.lastIndex(where: { !isName($0.text) }) else { return nil }
    var group = [formulas[first].text]
    while first > 0, !isName(formulas[first - 1].text), group.count < 16,
      isJoint(bytes[formulas[first - 1].range.upperBound..<formulas[first].range.lowerBound])
    {
      first -= 1
      group.insert(formulas[first].text, at: 0)
    }
    return group.joined(separator: ", ")
  }

  private static func isJoint(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard bytes.count <= 12 else { return false }
    let words = bytes.split { " ,;*&\n".utf8.contains($0) }
    return words.allSatisfy { joints.contains(String(decoding: $0, as: UTF8.self)) }
  }

  private static let joints: Set<String> = ["and", "or", "und", "oder", "et", "y", "和", "或"]

  private struct Formula {
    var text: String
    /// From its first delimiter to behind its last one.
    var range: Range<Int>
  }

  /// Whether the formula only names what the sentence is about: "the largest $n$ is 34".
  static func isName(_ formula: String) -> Bool {
    formula.utf8.allSatisfy { ($0 | 32 >= 97 && $0 | 32 <= 122) || " ()_{}\\".utf8.contains($0) }
  }

  /// All formulas that close, in order.
  static func ranges(in text: Substring) -> [String] { formulas(in: Array(text.utf8)).map(\.text) }

  private static func formulas(in bytes: [UInt8]) -> [Formula] {
    var formulas: [Formula] = []
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      let next = index + 1 < bytes.count ? bytes[index + 1] : 0
      if byte == UInt8(ascii: "$") {
        let width = next == byte ? 2 : 1
        guard let end = closing(bytes, from: index + width, width: width) else {
          index += width
          continue
        }
        append(bytes, index..<end + width, width, to: &formulas)
        index = end + width
      } else if byte == UInt8(ascii: "\\"), next == UInt8(ascii: "(") || next == UInt8(ascii: "[") {
        let close = next == UInt8(ascii: "(") ? UInt8(ascii: ")") : UInt8(ascii: "]")
        guard let end = closing(bytes, from: index + 2, escaped: close) else { return formulas }
        append(bytes, index..<end + 2, 2, to: &formulas)
        index = end + 2
      } else {
        index += byte == UInt8(ascii: "\\") ? 2 : 1
      }
    }
    return formulas
  }

  private static func append(_ bytes: [UInt8], _ range: Range<Int>, _ width: Int, to formulas: inout [Formula]) {
    let text = String(decoding: bytes[range].dropFirst(width).dropLast(width), as: UTF8.self)
    // "$-$5" has a sign between its delimiters, and no formula.
    guard text.contains(where: { !$0.isWhitespace && !"+-−.,:;*".contains($0) }) else { return }
    formulas.append(Formula(text: text, range: range))
  }

  /// The end of a `$` formula; a sum of money is not followed by another sign within a line or two.
  private static func closing(_ bytes: [UInt8], from start: Int, width: Int) -> Int? {
    var index = start
    let limit = min(bytes.count, start + 2_000)
    while index + width <= limit {
      if bytes[index] == UInt8(ascii: "\\") {
        index += 2
      } else if bytes[index] == UInt8(ascii: "$"), width == 1 || bytes[index + 1] == UInt8(ascii: "$") {
        let next = index + width < bytes.count ? bytes[index + width] : 32
        return isFormula(bytes[start..<index], before: next) ? index : nil
      } else {
        index += 1
      }
    }
    return nil
  }

  /// "$5 and gets $3" holds a word between its signs, a formula holds words only in commands.
  ///
  /// What begins with a digit may be a sum of money. A formula then closes tightly and no digit follows it: in
  /// "$80 - $50 = $30" and "$5/$6" no sign closes.
  private static func isFormula(_ bytes: ArraySlice<UInt8>, before next: UInt8) -> Bool {
    guard let first = bytes.first, first >= 48, first <= 57 else { return !isSentence(bytes) }
    if next >= 48, next <= 57 { return false }
    if bytes.last == 32 || bytes.last == 10 { return false }
    return !bytes.contains(32) || bytes.contains(UInt8(ascii: "\\")) || bytes.contains(UInt8(ascii: "="))
  }

  /// Whether there are two words or more, and no command that could explain them.
  private static func isSentence(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard !bytes.contains(UInt8(ascii: "\\")) else { return false }
    return bytes.split(separator: 32).count { $0.count > 2 && $0.allSatisfy { $0 | 32 >= 97 && $0 | 32 <= 122 } } > 1
  }

  private static func closing(_ bytes: [UInt8], from start: Int, escaped close: UInt8) -> Int? {
    var index = start
    while index + 1 < bytes.count {
      if bytes[index] == UInt8(ascii: "\\") {
        if bytes[index + 1] == close { return index }
        index += 2
      } else {
        index += 1
      }
    }
    return nil
  }
}
