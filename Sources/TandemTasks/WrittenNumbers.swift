package import Foundation

/// The numbers of a line of JSON as they are written.
///
/// A decoder makes machine numbers of them: of 12345678901234567890123 the last digits are lost.
package enum WrittenNumbers {
  /// The line with each number as a text; everything else, and what is no number in JSON, as it is.
  package static func quoted(_ line: Data) -> Data {
    var result = Data()
    result.reserveCapacity(line.count + 16)
    var index = line.startIndex
    var isInText = false
    while index < line.endIndex {
      let byte = line[index]
      if isInText, byte == UInt8(ascii: "\\") {
        result += line[index...].prefix(2)
        index += 2
        continue
      }
      if byte == UInt8(ascii: "\"") { isInText.toggle() }
      guard !isInText, byte == UInt8(ascii: "-") || isDigit(byte) else {
        result.append(byte)
        index += 1
        continue
      }
      let word = line[index...].prefix { isDigit($0) || "+-.eE".utf8.contains($0) }
      result += isNumber(word) ? quote + trimmed(word) + quote : Data(word)
      index = word.endIndex
    }
    return result
  }

  private static let quote = Data("\"".utf8)

  private static func isDigit(_ byte: UInt8) -> Bool { byte >= 48 && byte <= 57 }

  private static func isNumber(_ word: Data) -> Bool {
    String(decoding: word, as: UTF8.self).wholeMatch(of: /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/) != nil
  }

  /// 27.0 is 27.
  private static func trimmed(_ word: Data) -> Data {
    guard let point = word.firstIndex(of: UInt8(ascii: ".")),
      word[word.index(after: point)...].allSatisfy({ $0 == UInt8(ascii: "0") })
    else { return Data(word) }
    return Data(word[..<point])
  }
}
