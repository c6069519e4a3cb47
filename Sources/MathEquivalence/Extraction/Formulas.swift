/// Formulas between delimiters: `$…$`, `$$…$$`, `\(…\)`, `\[…\]`.
enum Formulas {
  static func last(in output: String) -> String? { ranges(in: output[...]).last }

  /// Whether the formula only names what the sentence is about: "the largest $n$ is 34".
  static func isName(_ formula: String) -> Bool {
    formula.utf8.allSatisfy { ($0 | 32 >= 97 && $0 | 32 <= 122) || " ()_{}\\".utf8.contains($0) }
  }

  /// All formulas that close, in order.
  static func ranges(in text: Substring) -> [String] {
    let bytes = Array(text.utf8)
    var formulas: [String] = []
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
        append(bytes[index + width..<end], to: &formulas)
        index = end + width
      } else if byte == UInt8(ascii: "\\"), next == UInt8(ascii: "(") || next == UInt8(ascii: "[") {
        let close = next == UInt8(ascii: "(") ? UInt8(ascii: ")") : UInt8(ascii: "]")
        guard let end = closing(bytes, from: index + 2, escaped: close) else { return formulas }
        append(bytes[index + 2..<end], to: &formulas)
        index = end + 2
      } else {
        index += byte == UInt8(ascii: "\\") ? 2 : 1
      }
    }
    return formulas
  }

  private static func append(_ bytes: ArraySlice<UInt8>, to formulas: inout [String]) {
    let text = String(decoding: bytes, as: UTF8.self)
    if text.contains(where: { !$0.isWhitespace }) { formulas.append(text) }
  }

  /// The end of a `$` formula; a sum of money is not followed by another sign within a line or two.
  private static func closing(_ bytes: [UInt8], from start: Int, width: Int) -> Int? {
    var index = start
    let limit = min(bytes.count, start + 2_000)
    while index + width <= limit {
      if bytes[index] == UInt8(ascii: "\\") {
        index += 2
      } else if bytes[index] == UInt8(ascii: "$"), width == 1 || bytes[index + 1] == UInt8(ascii: "$") {
        return isFormula(bytes[start..<index]) ? index : nil
      } else {
        index += 1
      }
    }
    return nil
  }

  /// "$5 and gets $3" holds a word between its signs, a formula holds words only in commands.
  private static func isFormula(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard let first = bytes.first, first >= 48, first <= 57 else { return !isSentence(bytes) }
    return !bytes.contains(UInt8(ascii: " ")) || bytes.contains(UInt8(ascii: "\\")) || bytes.contains(UInt8(ascii: "="))
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
