/// A value of a strategy's setting, as YAML, JSON and flags have it.
public enum Setting: Sendable, Hashable, Codable {
  /// True or false.
  case flag(Bool)
  /// A whole number.
  case integer(Int)
  /// A number with a fraction, or one that is not finite.
  case number(Double)
  /// Text.
  case text(String)
  /// Several values in order.
  case list([Setting])
  /// Values by name.
  case dictionary([String: Setting])
  /// JSON's null.
  case none

  /// Reads any JSON or YAML value.
  public init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if value.decodeNil() {
      self = .none
    } else if let flag = try? value.decode(Bool.self) {
      self = .flag(flag)
    } else if let integer = try? value.decode(Int.self) {
      self = .integer(integer)
    } else if let number = try? value.decode(Double.self) {
      // JSON has no infinite numbers. As words they are the same everywhere, and settings read them as numbers.
      self = number.isFinite ? .number(number) : .text("\(number)")
    } else if let text = try? value.decode(String.self) {
      self = .text(text)
    } else if let list = try? value.decode([Setting].self) {
      self = .list(list)
    } else {
      self = .dictionary(try value.decode([String: Setting].self))
    }
  }

  /// Writes the value as JSON; a number that is not finite becomes a word.
  public func encode(to encoder: any Encoder) throws {
    var value = encoder.singleValueContainer()
    switch self {
    case .flag(let flag): try value.encode(flag)
    case .integer(let integer): try value.encode(integer)
    case .number(let number) where !number.isFinite: try value.encode("\(number)")
    case .number(let number): try value.encode(number)
    case .text(let text): try value.encode(text)
    case .list(let list): try value.encode(list)
    case .dictionary(let dictionary): try value.encode(dictionary)
    case .none: try value.encodeNil()
    }
  }
}

extension Setting {
  /// The value as a number; nil if it is none. "inf", "-inf" and "nan" are the words for numbers that JSON lacks.
  var number: Double? {
    switch self {
    case .integer(let integer): Double(integer)
    case .number(let number): number
    case .text("inf"): .infinity
    case .text("-inf"): -.infinity
    case .text("nan"): .nan
    default: nil
    }
  }
}

extension Setting: ExpressibleByStringLiteral, ExpressibleByDictionaryLiteral {
  /// Text.
  public init(stringLiteral text: String) { self = .text(text) }

  /// Values by name.
  public init(dictionaryLiteral entries: (String, Setting)...) {
    self = .dictionary(Dictionary(entries) { $1 })
  }
}

extension Setting: CustomStringConvertible {
  /// The value as a person would write it.
  public var description: String {
    switch self {
    case .flag(let flag): String(flag)
    case .integer(let integer): String(integer)
    case .number(let number): Int(exactly: number).map(String.init) ?? String(number)
    case .text(let text): text.debugDescription
    case .list(let list): "[" + list.map(\.description).joined(separator: ", ") + "]"
    case .dictionary(let entries):
      "{" + entries.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", ") + "}"
    case .none: "none"
    }
  }
}
