import Foundation
import Tandem

extension RunHeader {
  /// All that is not equal in two headers, as "plan.conditions.parallel is 4 there and 8 here".
  ///
  /// Program, machine and date may differ: they change no answer.
  public func differences(from other: RunHeader) -> [String] {
    var (own, others) = (self, other)
    (own.program, own.machine, own.startedAt) = (other.program, other.machine, other.startedAt)
    (own.version, others.version) = (1, 1)
    guard let there = try? own.tree(), let here = try? others.tree() else { return ["it can't be compared"] }
    return Self.differences(there, here, path: [])
  }

  private func tree() throws -> Setting {
    try JSONDecoder().decode(Setting.self, from: JSONEncoder().encode(self))
  }

  private static func differences(_ there: Setting, _ here: Setting, path: [String]) -> [String] {
    switch (there, here) {
    case (.dictionary(let there), .dictionary(let here)):
      return Set(there.keys).union(here.keys).sorted().flatMap { key in
        differences(there[key] ?? .none, here[key] ?? .none, path: path + [key])
      }
    case (.list(let there), .list(let here)) where there.count == here.count:
      return zip(there, here).enumerated().flatMap { index, pair in
        differences(pair.0, pair.1, path: path + ["\(index + 1)"])
      }
    case (.list(let there), .list(let here)):
      return ["\(path.joined(separator: ".")) has \(there.count) entries there and \(here.count) here"]
    default:
      return there == here ? [] : ["\(path.joined(separator: ".")) is \(there) there and \(here) here"]
    }
  }
}
