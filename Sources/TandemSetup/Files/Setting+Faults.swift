import Foundation
import Tandem

extension Setting {
  /// What is wrong with a value of this tree, with its place and what would be right.
  func reason<Value: Decodable>(of error: DecodingError, for type: Value.Type) -> String {
    if let place = placeOfFraction(for: type) { return "\(place.name) must be a whole number, not \(place.value)" }
    switch error {
    case .keyNotFound(let key, let context):
      return "\(Self.name(context.codingPath)) has no '\(key.stringValue)'"
    case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
      return "\(Self.name(context.codingPath)) must be \(Self.kind(type)), not \(value(at: context.codingPath))"
    case .dataCorrupted(let context):
      let value = value(at: context.codingPath)
      if case .integer = value { return "\(Self.name(context.codingPath)) can't be \(value): it is out of range" }
      return "\(Self.name(context.codingPath)) can't be \(value)"
    @unknown default:
      return "\(error)"
    }
  }

  func decoded<Value: Decodable>(_ type: Value.Type) throws -> Value {
    try JSONDecoder().decode(type, from: JSONEncoder().encode(self))
  }

  /// The first number with a fraction that should have none. The decoder refuses it without telling where it is, so each
  /// is tried with all others replaced.
  private func placeOfFraction<Value: Decodable>(for type: Value.Type) -> (name: String, value: Setting)? {
    var places: [(name: String, value: Setting)] = []
    func whole(_ tree: Setting, _ path: [String], except kept: String?) -> Setting {
      switch tree {
      case .dictionary(let entries):
        return .dictionary(
          Dictionary(uniqueKeysWithValues: entries.map { ($0, whole($1, path + [$0], except: kept)) }))
      case .list(let values):
        return .list(values.enumerated().map { whole($1, path + ["\($0 + 1)"], except: kept) })
      case .number:
        let name = path.joined(separator: ".")
        if kept == nil { places.append((name, tree)) }
        return name == kept ? tree : .integer(0)
      default:
        return tree
      }
    }
    // The decoder reports all other faults.
    guard (try? whole(self, [], except: nil).decoded(type)) != nil else { return nil }
    return places.first { (try? whole(self, [], except: $0.name).decoded(type)) == nil }
  }

  private func value(at path: [any CodingKey]) -> Setting {
    path.reduce(self) { tree, key in
      switch tree {
      case .dictionary(let entries): entries[key.stringValue] ?? .none
      case .list(let values): key.intValue.flatMap { values.indices.contains($0) ? values[$0] : nil } ?? .none
      default: .none
      }
    }
  }

  private static func name(_ path: [any CodingKey]) -> String {
    path.isEmpty ? "it" : path.map { $0.intValue.map { "\($0 + 1)" } ?? $0.stringValue }.joined(separator: ".")
  }

  private static func kind(_ type: any Any.Type) -> String {
    switch type {
    case is Bool.Type: "true or false"
    case is String.Type: "text"
    case is any BinaryInteger.Type: "a whole number"
    case is any BinaryFloatingPoint.Type: "a number"
    case is [String: Any].Type: "a list of keys with values"
    default: "\(type)".hasPrefix("Array") ? "a list" : "keys with values"
    }
  }
}
