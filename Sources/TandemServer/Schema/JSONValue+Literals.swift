import Foundation

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByNilLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  init(stringLiteral value: String) { self = .string(value) }
  init(integerLiteral value: Int) { self = .integer(value) }
  init(booleanLiteral value: Bool) { self = .bool(value) }
  init(nilLiteral: ()) { self = .null }
  init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  init(dictionaryLiteral elements: (String, JSONValue)...) { self = .object(Dictionary(elements) { $1 }) }
}

extension JSONValue {
  /// What `value` is encoded as.
  init(encoding value: some Encodable) throws {
    self = try JSONDecoder().decode(JSONValue.self, from: JSONEncoder.compact.encode(value))
  }

  /// A text, or null.
  init(_ text: String?) { self = text.map(JSONValue.string) ?? .null }

  /// The value of a JSON text, which is an empty object if it is none.
  init(text: String) { self = (try? JSONValue(parsing: Data(text.utf8))) ?? .object([:]) }

  /// The value as JSON text, members in the order of their names.
  var text: String {
    let encoder = JSONEncoder.compact
    encoder.outputFormatting.insert(.sortedKeys)
    return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "null"
  }
}
