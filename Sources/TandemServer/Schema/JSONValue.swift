import Foundation
import Tandem

/// Any JSON value.
enum JSONValue: Sendable, Hashable {
  case null
  case bool(Bool)
  case integer(Int)
  /// A whole number that no `Int` holds.
  case unsigned(UInt64)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  /// Reads a document. Throws `DecodingError` if it is no JSON, or nested deeper than 512 levels.
  init(parsing data: Data) throws { self = try JSONDecoder().decode(JSONValue.self, from: data) }
}

extension JSONValue: Codable {
  init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if value.decodeNil() {
      self = .null
    } else if let string = try? value.decode(String.self) {
      self = .string(string)
    } else if let integer = try? value.decode(Int.self) {
      self = .integer(integer)
    } else if let unsigned = try? value.decode(UInt64.self) {
      self = .unsigned(unsigned)
    } else if let bool = try? value.decode(Bool.self) {
      self = .bool(bool)
    } else if let number = try? value.decode(Double.self) {
      self = .number(number)
    } else if let array = try? value.decode([JSONValue].self) {
      self = .array(array)
    } else {
      self = .object(try value.decode([String: JSONValue].self))
    }
  }

  func encode(to encoder: any Encoder) throws {
    var value = encoder.singleValueContainer()
    switch self {
    case .null: try value.encodeNil()
    case .bool(let bool): try value.encode(bool)
    case .integer(let integer): try value.encode(integer)
    case .unsigned(let unsigned): try value.encode(unsigned)
    case .number(let number): try value.encode(number)
    case .string(let string): try value.encode(string)
    case .array(let array): try value.encode(array)
    case .object(let members): try value.encode(members)
    }
  }
}

extension JSONValue {
  /// The value as a setting of a strategy.
  var setting: Setting {
    switch self {
    case .null: .none
    case .bool(let bool): .flag(bool)
    case .integer(let integer): .integer(integer)
    case .unsigned(let unsigned): .number(Double(unsigned))
    case .number(let number): .number(number)
    case .string(let string): .text(string)
    case .array(let array): .list(array.map(\.setting))
    case .object(let members): .dictionary(members.mapValues(\.setting))
    }
  }

  /// What kind of value it is, for errors.
  var kind: String {
    switch self {
    case .null: "null"
    case .bool: "a truth value"
    case .integer, .unsigned, .number: "a number"
    case .string: "text"
    case .array: "a list"
    case .object: "an object"
    }
  }
}
