/// The byte alphabet of GPT-2 (Radford et al. 2019, Sec. 2.2): each byte as one visible character, so that any bytes can
/// be written as text. A space is "Ġ", a newline "Ċ".
enum GPT2Bytes {
  /// The bytes that stand for themselves: those that Latin-1 can show.
  private static let visible = Set([33...126, 161...172, 174...255].joined())

  /// The character of each byte; the others get those from U+0100 on, in order.
  private static let characters: [Unicode.Scalar] = {
    var next: UInt8 = 0
    return (0...255).map { byte -> Unicode.Scalar in
      if visible.contains(byte) { return Unicode.Scalar(UInt8(byte)) }
      defer { next += 1 }
      return Unicode.Scalar(0x100 + UInt16(next)) ?? "?"
    }
  }()

  private static let values = Dictionary(
    uniqueKeysWithValues: characters.enumerated().map { ($0.element, UInt8($0.offset)) })

  /// Every byte, in the order of their characters.
  static let sorted = (0...255).map(UInt8.init).sorted { characters[Int($0)] < characters[Int($1)] }

  static func text(_ bytes: some Sequence<UInt8>) -> String {
    String(String.UnicodeScalarView(bytes.map { characters[Int($0)] }))
  }

  /// The bytes that `text` stands for; nil if it has a character outside the alphabet.
  static func bytes(_ text: String) -> [UInt8]? {
    var bytes: [UInt8] = []
    for scalar in text.unicodeScalars {
      guard let byte = values[scalar] else { return nil }
      bytes.append(byte)
    }
    return bytes
  }
}
