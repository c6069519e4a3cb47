package import Foundation
package import Tandem
import TandemSupport
import Yams

/// YAML, read within bounds: a file of a kilobyte can stand for more values than any memory has, by aliases of aliases.
package enum YAML {
  private static let mostBytes = 1 << 20
  private static let mostValues = 100_000
  private static let mostLevels = 64

  /// What is wrong with a text, without where it stands.
  package struct Failure: Error {
    package let reason: String
  }

  /// The value of a file's bytes.
  package static func read(_ data: Data) throws(Failure) -> Setting {
    guard data.count <= mostBytes else {
      throw Failure(reason: "it has \(data.count) bytes, and a file of options may have \(mostBytes)")
    }
    // A byte order mark is no text.
    let bytes = data.starts(with: [0xEF, 0xBB, 0xBF]) ? data.dropFirst(3) : data
    guard let text = String(bytes: bytes, encoding: .utf8) else { throw Failure(reason: "it is not UTF-8 text") }
    return try read(text)
  }

  /// The value of a text.
  package static func read(_ text: String) throws(Failure) -> Setting {
    guard !hasAliasesInKeys(text) else {
      throw Failure(reason: "it has many aliases (*name), and some of them in keys; write these out")
    }
    do {
      guard let node = try Yams.compose(yaml: text) else { return .none }
      var left = mostValues
      try count(node, &left, level: 0)
      return try YAMLDecoder().decode(Setting.self, from: node)
    } catch let failure as Failure {
      throw failure
    } catch {
      throw Failure(reason: "it is not YAML: \(error)".clause)
    }
  }

  /// A value as text, its keys in order. What `read` makes of it is the same value.
  package static func write(_ value: some Encodable) throws -> String {
    let tree = try JSONDecoder().decode(Setting.self, from: JSONEncoder().encode(value))
    return try Yams.serialize(node: node(tree), indent: 2, width: -1, allowUnicode: true)
  }

  /// Not by Yams' encoder, which writes 0.6 as 6.00000023841858e-1.
  private static func node(_ value: Setting) throws -> Node {
    switch value {
    case .none: Node("null")
    case .flag(let flag): Node("\(flag)")
    case .integer(let number): Node("\(number)")
    case .number(let number): Node("\(number)")
    case .text(let text): try text.represented()
    case .list(let values): Node(try values.map(node))
    case .dictionary(let entries):
      try Node(
        entries.sorted { $0.key < $1.key }.map { entry -> (Node, Node) in
          (try entry.key.represented(), try node(entry.value))
        })
    }
  }

  /// Walks over the values of `node`, each as often as aliases repeat it, until none may be left.
  private static func count(_ node: Node, _ left: inout Int, level: Int) throws {
    left -= 1
    guard left > 0 else {
      throw Failure(reason: "it has more than \(mostValues) values; if it has aliases (*name), these repeat too much")
    }
    guard level < mostLevels else {
      throw Failure(reason: "its lists and keys are nested more than \(mostLevels) deep")
    }
    switch node {
    case .scalar(let scalar):
      if scalar.style == .plain, scalar.string.wholeMatch(of: /[-+]?[0-9]+/) != nil, Int(scalar.string) == nil {
        throw Failure(reason: "\(scalar.string) is too large a number")
      }
    case .sequence(let values):
      for value in values { try count(value, &left, level: level + 1) }
    case .mapping(let entries):
      for (key, value) in entries {
        guard case .scalar = key else { throw Failure(reason: "it has a key that is not text") }
        try count(value, &left, level: level + 1)
      }
    case .alias:
      break
    }
  }

  /// Whether the parser would have to compare keys that aliases may have made large. With 16 aliases
  /// or fewer none is large.
  private static func hasAliasesInKeys(_ text: String) -> Bool {
    guard text.utf8.count(where: { $0 == UInt8(ascii: "*") }) > 16 else { return false }
    return text.contains(/\?\s|[\]}]\s*:|\*[^\s,\[\]{}]+\s*:(?:\s|$)/)
  }
}
