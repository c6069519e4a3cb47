/// What a user presses in a terminal.
enum Key: Sendable, Hashable {
  /// A character, or a part of one: an accent that joins the character before.
  case text(String)
  /// Text that was pasted, of several lines perhaps.
  case paste(String)
  case enter, backspace, delete, left, right, up, down, home, end, wordLeft, wordRight, wordBackspace
  /// A letter with the control key.
  case control(Character)
}

/// Makes keys of the bytes that a terminal sends for them (ECMA-48, and xterm's bracketed paste).
struct KeyDecoder {
  private var bytes: [UInt8] = []
  private static let pasteBegins = Array("\u{1B}[200~".utf8)
  private static let pasteEnds = Array("\u{1B}[201~".utf8)

  /// The keys that are complete with `more`.
  mutating func append(_ more: some Sequence<UInt8>) -> [Key] {
    bytes += more
    var keys: [Key] = []
    while let (key, count) = first() {
      bytes.removeFirst(count)
      if let key { keys.append(key) }
    }
    return keys
  }

  /// The first key, nil for one that means nothing here, and its bytes; nil if more bytes are needed.
  private func first() -> (key: Key?, count: Int)? {
    guard let byte = bytes.first else { return nil }
    switch byte {
    case 0x0D, 0x0A: return (.enter, 1)
    case 0x7F, 0x08: return (.backspace, 1)
    case 0x1B: return escape()
    case 0x01...0x1A: return (.control(Character(Unicode.Scalar(byte + 0x60))), 1)
    case ..<0x20: return (nil, 1)
    default: return character(byte)
    }
  }

  private func character(_ byte: UInt8) -> (key: Key?, count: Int)? {
    let length = byte < 0xC0 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
    let tail = bytes.dropFirst().prefix(length - 1)
    guard tail.allSatisfy({ $0 & 0xC0 == 0x80 }) else { return (nil, 1) }
    guard bytes.count >= length else { return nil }
    let text = String(decoding: bytes.prefix(length), as: UTF8.self)
    return (text == "\u{FFFD}" ? nil : .text(text), length)
  }

  private func escape() -> (key: Key?, count: Int)? {
    guard bytes.count > 1 else { return nil }
    switch bytes[1] {
    case UInt8(ascii: "["): return sequence()
    case UInt8(ascii: "O"): return bytes.count > 2 ? (Self.named(Character(Unicode.Scalar(bytes[2]))), 3) : nil
    case UInt8(ascii: "b"): return (.wordLeft, 2)
    case UInt8(ascii: "f"): return (.wordRight, 2)
    case 0x7F: return (.wordBackspace, 2)
    default: return (nil, bytes[1] == 0x1B ? 1 : 2)
    }
  }

  /// ESC [ parameters, and a final letter or "~".
  private func sequence() -> (key: Key?, count: Int)? {
    if bytes.starts(with: Self.pasteBegins) { return paste() }
    guard let final = bytes.indices.dropFirst(2).first(where: { (0x40...0x7E).contains(bytes[$0]) }) else { return nil }
    let parameters = String(decoding: bytes[2..<final], as: UTF8.self).split(separator: ";")
    let count = final + 1
    let letter = Character(Unicode.Scalar(bytes[final]))
    guard letter == "~" else {
      let isModified = parameters.count > 1
      return (
        isModified && letter == "C" ? .wordRight : isModified && letter == "D" ? .wordLeft : Self.named(letter), count
      )
    }
    switch parameters.first {
    case "1", "7": return (.home, count)
    case "4", "8": return (.end, count)
    case "3": return (.delete, count)
    default: return (nil, count)
    }
  }

  private func paste() -> (key: Key?, count: Int)? {
    let start = Self.pasteBegins.count
    let end = bytes.indices.dropFirst(start).first { bytes[$0...].starts(with: Self.pasteEnds) }
    guard let end else { return nil }
    let text = String(decoding: bytes[start..<end], as: UTF8.self)
      .replacing("\r\n", with: "\n").replacing("\r", with: "\n")
    return (.paste(text), end + Self.pasteEnds.count)
  }

  private static func named(_ letter: Character) -> Key? {
    switch letter {
    case "A": .up
    case "B": .down
    case "C": .right
    case "D": .left
    case "H": .home
    case "F": .end
    default: nil
    }
  }
}
