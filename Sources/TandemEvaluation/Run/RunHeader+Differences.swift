import Foundation
import Tandem

/// A value that is not the same in two runs, by its place in `plan.json`.
package struct RunDifference: Sendable, Hashable, CustomStringConvertible {
  /// Such as "plan.conditions.threads", or "plan.seeds" if the lists have another number of entries.
  package let path: String
  /// What the run has that was begun.
  package let there: String
  /// What would be run now.
  package let here: String

  package var description: String { "\(path) is \(there) there and \(here) here" }
}

extension RunHeader {
  /// All that is not equal in two headers.
  ///
  /// Program, machine, date and the versions of servers may differ: they change no answer. Nor does it matter whether a default is spelled out.
  package func differences(from other: RunHeader) -> [RunDifference] {
    var (own, others) = (self, other)
    (own.program, own.machine, own.startedAt) = (other.program, other.machine, other.startedAt)
    (own.version, others.version) = (1, 1)
    own.small?.server = other.small?.server
    own.large?.server = other.large?.server
    (own.plan.rows, others.plan.rows) = (own.plan.rowsInFull, others.plan.rowsInFull)
    guard let there = try? own.tree(), let here = try? others.tree() else {
      return [RunDifference(path: "plan", there: "not readable", here: "not readable")]
    }
    return Self.differences(there, here, path: [])
  }

  private func tree() throws -> Setting {
    try JSONDecoder().decode(Setting.self, from: JSONEncoder().encode(self))
  }

  private static func differences(_ there: Setting, _ here: Setting, path: [String]) -> [RunDifference] {
    let place = path.joined(separator: ".")
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
      return [RunDifference(path: place, there: "a list of \(there.count)", here: "a list of \(here.count)")]
    default:
      return there == here ? [] : [RunDifference(path: place, there: "\(there)", here: "\(here)")]
    }
  }
}

extension Plan {
  /// The rows with all settings of their strategies; as they are where a strategy is not known any more.
  fileprivate var rowsInFull: [Row] {
    rows.map { row in
      var full = row
      if let strategy = try? strategy(of: row) { full.settings = Strategies.settings(of: strategy) }
      return full
    }
  }
}
