import Foundation

/// A JSON object or list as it is written. Foundation forgets the order of members, which a prompt should not.
struct JSONText {
  /// The text, without white space around it.
  let text: String
  private let bytes: [UInt8]

  /// Nil if `text` is no JSON object or list, or more than that.
  init?(_ text: some StringProtocol) {
    var bytes = Array(text.utf8)[...]
    while bytes.first?.isJSONSpace == true { bytes.removeFirst() }
    while bytes.last?.isJSONSpace == true { bytes.removeLast() }
    var scanner = JSONScanner()
    guard bytes.firstIndex(where: { scanner.take($0) != .open }) == bytes.indices.last, scanner.hasEnded else {
      return nil
    }
    self.bytes = Array(bytes)
    self.text = String(decoding: bytes, as: UTF8.self)
  }

  /// Whether it is an object, rather than a list.
  var isObject: Bool { bytes.first == UInt8(ascii: "{") }

  /// The members of an object, in order.
  var members: [(name: String, value: String)] {
    guard isObject else { return [] }
    return items.compactMap { item in
      guard let colon = Self.places(of: UInt8(ascii: ":"), in: item).first else { return nil }
      return (Self.decoded(item[..<colon]), Self.trimmed(item[(colon + 1)...]))
    }
  }

  /// The elements of a list, in order.
  var elements: [String] { isObject ? [] : items.map(Self.trimmed) }

  /// The value of the first member called `name`.
  subscript(name: String) -> String? { members.first { $0.name == name }?.value }

  /// The text that `value` is a JSON text of; nil if it is another value.
  static func string(_ value: String) -> String? { try? JSONDecoder().decode(String.self, from: Data(value.utf8)) }

  /// `text` as it stands in JSON between quotes.
  static func escaped(_ text: String) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    let quoted = (try? encoder.encode(text)).map { String(decoding: $0, as: UTF8.self) } ?? #""""#
    return String(quoted.dropFirst().dropLast())
  }

  private var items: [ArraySlice<UInt8>] {
    let inner = bytes.dropFirst().dropLast()
    guard inner.contains(where: { !$0.isJSONSpace }) else { return [] }
    let commas = Self.places(of: UInt8(ascii: ","), in: inner)
    return zip([inner.startIndex] + commas.map { $0 + 1 }, commas + [inner.endIndex]).map { inner[$0..<$1] }
  }

  /// Where `mark` stands outside of texts and inner values.
  private static func places(of mark: UInt8, in bytes: ArraySlice<UInt8>) -> [Int] {
    var (places, depth, isQuoted, isEscaped) = ([Int](), 0, false, false)
    for (place, byte) in zip(bytes.indices, bytes) {
      if isEscaped {
        isEscaped = false
      } else if isQuoted {
        isEscaped = byte == UInt8(ascii: "\\")
        isQuoted = byte != UInt8(ascii: "\"")
      } else {
        switch byte {
        case UInt8(ascii: "\""): isQuoted = true
        case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
        case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
        case mark where depth == 0: places.append(place)
        default: break
        }
      }
    }
    return places
  }

  private static func decoded(_ name: ArraySlice<UInt8>) -> String { string(trimmed(name)) ?? "" }

  private static func trimmed(_ bytes: ArraySlice<UInt8>) -> String {
    var bytes = bytes
    while bytes.first?.isJSONSpace == true { bytes.removeFirst() }
    while bytes.last?.isJSONSpace == true { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }
}
