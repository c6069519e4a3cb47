import Foundation
import Tandem

/// What numbers of a run's files can be: sums over a million records stay far from the ends of `Int`, where arithmetic
/// would end the program.
enum NumberBounds {
  static let limit = 1e12
  /// Floating-point operations, and bytes that are read, of one run.
  static let operations = 1e24

  /// Throws `invalidFile` if `json`, a line of a run or its header, has a number that is too large.
  static func check(_ json: Data, path: String, line: Int? = nil) throws {
    guard let place = fault(in: try JSONDecoder().decode(Setting.self, from: json)) else { return }
    throw EvaluationError.invalidFile(path: path, line: line, reason: "'\(place)' is beyond what a run can have")
  }

  /// The path of the first number in `tree` that is too large; nil if there is none.
  private static func fault(in tree: Setting, at path: String = "") -> String? {
    switch tree {
    case .integer(let integer): return fault(Double(integer), path)
    case .number(let number): return fault(number, path)
    case .list(let items):
      return items.indices.lazy.compactMap { fault(in: items[$0], at: "\(path)[\($0)]") }.first
    case .dictionary(let entries):
      // Seeds take all of 64 bits, and settings are the strategy's to check.
      let checked = entries.keys.sorted().filter { !["seed", "seeds", "settings"].contains($0) }
      return checked.lazy.compactMap { fault(in: entries[$0] ?? .none, at: path.isEmpty ? $0 : "\(path).\($0)") }.first
    case .flag, .text, .none: return nil
    }
  }

  private static func fault(_ number: Double, _ path: String) -> String? {
    abs(number) <= (path == "operations" || path.hasPrefix("kinetics.") ? operations : limit) ? nil : path
  }
}
