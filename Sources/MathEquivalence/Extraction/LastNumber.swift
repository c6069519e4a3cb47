/// The last number of a text, with its sign, its fraction and its percent sign.
enum LastNumber {
  static func last(in output: String) -> String? {
    let bytes = Array(output.utf8)
    guard var end = bytes.lastIndex(where: isDigit).map({ $0 + 1 }) else { return nil }
    if let fraction = trailingFraction(bytes, endingAt: end) { return fraction }
    var start = numberStart(bytes, endingAt: end)
    if start > 1, bytes[start - 1] == UInt8(ascii: "/"), isDigit(bytes[start - 2]) {
      start = numberStart(bytes, endingAt: start - 1)
    }
    start = signStart(bytes, before: start)
    if end < bytes.count, bytes[end] == UInt8(ascii: "%") { end += 1 }
    if end + 1 < bytes.count, bytes[end] == UInt8(ascii: "\\"), bytes[end + 1] == UInt8(ascii: "%") { end += 2 }
    // A letter right before the digits makes them part of a name.
    if start > 0, isLetter(bytes[start - 1]) { return nil }
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte >= 48 && byte <= 57 }
  private static func isLetter(_ byte: UInt8) -> Bool { (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122) }

  /// Where the digits, points and thousands separators before the end begin.
  private static func numberStart(_ bytes: [UInt8], endingAt end: Int) -> Int {
    var start = end
    while start > 0, end - start < 400 {
      let byte = bytes[start - 1]
      if isDigit(byte) {
        start -= 1
      } else if byte == UInt8(ascii: "."), start < end, isDigit(bytes[start]), !bytes[start..<end].contains(byte) {
        start -= 1
      } else if byte == UInt8(ascii: ","), end - start >= 3, start > 1, isDigit(bytes[start - 2]),
        bytes[start..<min(end, start + 3)].allSatisfy(isDigit), start + 3 >= end || !isDigit(bytes[start + 3])
      {
        start -= 1
      } else {
        break
      }
    }
    return start
  }

  /// A minus sign belongs to the number unless something it is taken from stands before it.
  private static func signStart(_ bytes: [UInt8], before start: Int) -> Int {
    var sign = start
    if sign > 0, bytes[sign - 1] == UInt8(ascii: "$") { sign -= 1 }
    guard sign > 0, bytes[sign - 1] == UInt8(ascii: "-") else { return start }
    let before = sign > 1 ? bytes[sign - 2] : UInt8(ascii: " ")
    return isDigit(before) || isLetter(before) || before == UInt8(ascii: ")") ? start : sign - 1
  }

  /// `\frac{2}{5}` when its denominator holds the last digit.
  private static func trailingFraction(_ bytes: [UInt8], endingAt end: Int) -> String? {
    guard end < bytes.count, bytes[end] == UInt8(ascii: "}") else { return nil }
    let window = bytes[max(0, end - 60)..<end]
    let text = String(decoding: window, as: UTF8.self)
    guard let range = Substring(text).utf8.lastRange(of: "frac{") else { return nil }
    let tail = text[range.upperBound...]
    let parts = tail.components(separatedBy: "}{")
    guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(isDigit) }) else { return nil }
    let isNegative = text[..<range.lowerBound].hasSuffix("-\\")
    return (isNegative ? "-" : "") + "\\frac{" + tail + "}"
  }
}

extension Substring {
  fileprivate func components(separatedBy separator: String) -> [Substring] {
    guard let range = utf8.firstRange(of: separator) else { return [self] }
    return [self[..<range.lowerBound]] + self[range.upperBound...].components(separatedBy: separator)
  }
}
