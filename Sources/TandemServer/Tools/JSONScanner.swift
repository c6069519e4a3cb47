/// Finds the end of a JSON object or list in a text that arrives byte by byte, or the first byte at which it is none (RFC
/// 8259).
struct JSONScanner {
  enum Progress: Equatable {
    /// More bytes must follow.
    case open
    /// The object or list ended with this byte.
    case ended
    /// This byte can't stand here.
    case broken
  }

  /// Deeper values are broken: readers of JSON have such limits too.
  static let mostLevels = 64

  private enum Expecting {
    case value, valueOrEnd, key, keyOrEnd, colon, commaOrEnd
    case text(isKey: Bool), escape(isKey: Bool), hex(left: Int, isKey: Bool)
    case literal(ArraySlice<UInt8>), number(Number)
  }

  fileprivate enum Number { case minus, zero, integer, point, fraction, exponent, sign, power }

  private var expecting = Expecting.value
  private var levels: [UInt8] = []
  /// Whether the object or list has ended.
  private(set) var hasEnded = false

  init() {}

  mutating func take(_ byte: UInt8) -> Progress {
    switch expecting {
    case .text(let isKey): return takeText(byte, isKey)
    case .escape(let isKey):
      expecting = byte == UInt8(ascii: "u") ? .hex(left: 4, isKey: isKey) : .text(isKey: isKey)
      return #""\/bfnrtu"#.utf8.contains(byte) ? .open : .broken
    case .hex(let left, let isKey):
      expecting = left > 1 ? .hex(left: left - 1, isKey: isKey) : .text(isKey: isKey)
      return byte.isHexDigit ? .open : .broken
    case .literal(let rest):
      guard byte == rest.first else { return .broken }
      if rest.count > 1 { expecting = .literal(rest.dropFirst()) } else { endValue() }
      return .open
    case .number(let place):
      if let next = place.after(byte) {
        expecting = .number(next)
        return .open
      }
      guard place.canEnd else { return .broken }
      endValue()
      return take(byte)
    default: return byte.isJSONSpace ? .open : takeMark(byte)
    }
  }

  private mutating func takeText(_ byte: UInt8, _ isKey: Bool) -> Progress {
    switch byte {
    case UInt8(ascii: "\\"): expecting = .escape(isKey: isKey)
    case UInt8(ascii: "\""):
      guard isKey else { return endValue() }
      expecting = .colon
    case ..<0x20: return .broken
    default: break
    }
    return .open
  }

  private mutating func takeMark(_ byte: UInt8) -> Progress {
    switch (expecting, byte) {
    case (.key, UInt8(ascii: "\"")), (.keyOrEnd, UInt8(ascii: "\"")): expecting = .text(isKey: true)
    case (.colon, UInt8(ascii: ":")): expecting = .value
    case (.commaOrEnd, UInt8(ascii: ",")): expecting = levels.last == UInt8(ascii: "{") ? .key : .value
    case (.commaOrEnd, UInt8(ascii: "}")), (.keyOrEnd, UInt8(ascii: "}")): return end(UInt8(ascii: "{"))
    case (.commaOrEnd, UInt8(ascii: "]")), (.valueOrEnd, UInt8(ascii: "]")): return end(UInt8(ascii: "["))
    case (.value, _), (.valueOrEnd, _): return beginValue(byte)
    default: return .broken
    }
    return .open
  }

  private mutating func beginValue(_ byte: UInt8) -> Progress {
    guard !levels.isEmpty || byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") else { return .broken }
    switch byte {
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      guard levels.count < Self.mostLevels else { return .broken }
      levels.append(byte)
      expecting = byte == UInt8(ascii: "{") ? .keyOrEnd : .valueOrEnd
    case UInt8(ascii: "\""): expecting = .text(isKey: false)
    case UInt8(ascii: "t"): expecting = .literal(Array("rue".utf8)[...])
    case UInt8(ascii: "f"): expecting = .literal(Array("alse".utf8)[...])
    case UInt8(ascii: "n"): expecting = .literal(Array("ull".utf8)[...])
    case UInt8(ascii: "-"): expecting = .number(.minus)
    case UInt8(ascii: "0"): expecting = .number(.zero)
    case UInt8(ascii: "1")...UInt8(ascii: "9"): expecting = .number(.integer)
    default: return .broken
    }
    return .open
  }

  private mutating func end(_ level: UInt8) -> Progress {
    guard levels.popLast() == level else { return .broken }
    return endValue()
  }

  @discardableResult
  private mutating func endValue() -> Progress {
    expecting = .commaOrEnd
    hasEnded = levels.isEmpty
    return hasEnded ? .ended : .open
  }
}

extension JSONScanner.Number {
  /// Where in a number one is after `byte`; nil if it is no part of it.
  fileprivate func after(_ byte: UInt8) -> Self? {
    let isDigit = (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    switch (self, byte) {
    case (.minus, UInt8(ascii: "0")): return .zero
    case (.minus, _) where isDigit, (.integer, _) where isDigit: return .integer
    case (.zero, UInt8(ascii: ".")), (.integer, UInt8(ascii: ".")): return .point
    case (.point, _) where isDigit, (.fraction, _) where isDigit: return .fraction
    case (.zero, UInt8(ascii: "e")), (.integer, UInt8(ascii: "e")), (.fraction, UInt8(ascii: "e")): return .exponent
    case (.zero, UInt8(ascii: "E")), (.integer, UInt8(ascii: "E")), (.fraction, UInt8(ascii: "E")): return .exponent
    case (.exponent, UInt8(ascii: "+")), (.exponent, UInt8(ascii: "-")): return .sign
    case (.exponent, _), (.sign, _), (.power, _): return isDigit ? .power : nil
    default: return nil
    }
  }

  fileprivate var canEnd: Bool { [.zero, .integer, .fraction, .power].contains(self) }
}

extension UInt8 {
  fileprivate var isHexDigit: Bool { Character(UnicodeScalar(self)).isHexDigit }
  var isJSONSpace: Bool { self == 0x20 || self == 0x0A || self == 0x0D || self == 0x09 }
}
