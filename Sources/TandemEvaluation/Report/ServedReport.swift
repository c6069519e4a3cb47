import Tandem
import TandemInference

/// What a server did for the runs of a row; all numbers but the name are means of a run.
package struct ServedReport: Sendable, Hashable, Codable {
  /// The model and its server.
  package var model: String
  package var calls: Double
  package var prompt: Double
  /// The share of the prompts' tokens that the server had in its cache; nil without prompts.
  package var cached: Double?
  package var sampled: Double
  package var discarded: Double
  /// Between sending a call and its end; calls at the same time count twice.
  package var seconds: Double
  /// Those of them before the first token.
  package var secondsToFirstToken: Double

  /// Of each role whose model a server ran.
  static func all(_ records: [Record]) -> [Self] {
    Role.allCases.compactMap { role in
      let counters = records.compactMap { $0.usage[role].server }
      guard let first = records.first, !counters.isEmpty else { return nil }
      let sum = counters.reduce(ServerCounters()) { $0 + $1 }
      func mean(_ count: Int) -> Double { Double(count) / Double(records.count) }
      return Self(
        model: (role == .small ? first.small : first.large) ?? role.rawValue, calls: mean(sum.calls),
        prompt: mean(sum.prompt), cached: sum.prompt > 0 ? Double(sum.cached) / Double(sum.prompt) : nil,
        sampled: mean(sum.sampled), discarded: mean(sum.discarded), seconds: sum.seconds / Double(records.count),
        secondsToFirstToken: sum.secondsToFirstToken / Double(records.count))
    }
  }
}
