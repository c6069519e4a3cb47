/// Turns a stream of tokens into text, holding back the bytes of a character that isn't complete yet.
public struct Detokenizer: Sendable {
  private let tokenizer: any Tokenizer
  private var pending: [UInt8] = []

  /// Starts between two characters.
  public init(_ tokenizer: any Tokenizer) { self.tokenizer = tokenizer }

  /// Whether the last character is still open.
  public var isOpen: Bool { !pending.isEmpty }

  /// The text that `token` completes; empty while a character is still open.
  public mutating func append(_ token: Token) -> String {
    pending += tokenizer.bytes(of: token)
    let complete = pending.count - Self.openBytes(at: pending)
    guard complete > 0 else { return "" }
    defer { pending.removeFirst(complete) }
    return String(decoding: pending[..<complete], as: UTF8.self)
  }

  /// What is left at the end, with a broken character replaced by U+FFFD.
  public mutating func finish() -> String {
    defer { pending = [] }
    return String(decoding: pending, as: UTF8.self)
  }

  /// How many bytes at the end of `bytes` begin a UTF-8 character without ending it.
  static func openBytes(at bytes: [UInt8]) -> Int {
    for back in 1...4 where back <= bytes.count {
      let byte = bytes[bytes.count - back]
      if byte.continuesCharacter { continue }
      let length =
        switch byte {
        case 0b1100_0000..<0b1110_0000: 2
        case 0b1110_0000..<0b1111_0000: 3
        case 0b1111_0000..<0b1111_1000: 4
        default: 1
        }
      return length > back ? back : 0
    }
    return 0
  }
}

extension UInt8 {
  /// Whether it is one of the bytes of a UTF-8 character after the first.
  package var continuesCharacter: Bool { self & 0b1100_0000 == 0b1000_0000 }
}
