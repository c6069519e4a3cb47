/// A value of a strategy's setting, as YAML, JSON and flags have it.
public enum Setting: Sendable, Hashable, Codable {
  case flag(Bool)
  case integer(Int)
  case number(Double)
  case text(String)
  case list([Setting])
  case dictionary([String: Setting])
  case none

  public init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if value.decodeNil() {
      self = .none
    } else if let flag = try? value.decode(Bool.self) {
      self = .flag(flag)
    } else if let integer = try? value.decode(Int.self) {
      self = .integer(integer)
    } else if let number = try? value.decode(Double.self) {
      // JSON has no such numbers. As words they are the same everywhere, and `Strategies` reads them as numbers.
      self = number.isFinite ? .number(number) : .text("\(number)")
    } else if let text = try? value.decode(String.self) {
      self = .text(text)
    } else if let list = try? value.decode([Setting].self) {
      self = .list(list)
    } else {
      self = .dictionary(try value.decode([String: Setting].self))
    }
  }

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

extension Setting: CustomStringConvertible {
  public var description: String {
    switch self {
    case .flag(let flag): String(flag)
    case .integer(let integer): String(integer)
    case .number(let number): String(number)
    case .text(let text): text.debugDescription
    case .list(let list): "[" + list.map(\.description).joined(separator: ", ") + "]"
    case .dictionary(let entries):
      "{" + entries.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", ") + "}"
    case .none: "none"
    }
  }
}
