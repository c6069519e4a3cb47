import Tandem
import TandemCharts

/// A way to spend operations: a row's models and tokens, tried once or several times with a majority vote.
package struct FrontierPoint: Sendable, Hashable, Codable {
  package var row: String
  /// The models that write.
  package var models: [String]
  /// Mean thinking tokens of a try.
  package var thinkingTokens: Double
  /// How many tries vote.
  package var tries: Int
  /// eFLOPs of all tries: see `KineticCost`.
  package var equivalentOperations: Double
  package var accuracy: Double
  /// Whether no other point is as accurate for as little.
  package var isBest = false

  /// As plots name it.
  package var label: String { tries == 1 ? row : "\(row) × \(tries)" }

  /// All points of rows whose cost is known, by cost: those of one try, and the majorities of several where a problem has
  /// as many seeds.
  static func all(_ rows: [RowReport], intensity: Double) -> [Self] {
    var points = rows.flatMap { row -> [Self] in
      guard let cost = row.time.kinetics, let accuracy = row.accuracy?.value else { return [] }
      let votes = row.votes.filter { $0.k > 1 }.map { (tries: $0.k, accuracy: $0.majority) }
      return ([(tries: 1, accuracy: accuracy)] + votes).map { point in
        Self(
          row: row.label, models: [row.small, row.large].compactMap(\.self),
          thinkingTokens: row.thinking.tokens.all ?? 0, tries: point.tries,
          equivalentOperations: cost.times(tries: point.tries).equivalentOperations(intensity: intensity),
          accuracy: point.accuracy)
      }
    }
    points.sort { ($0.equivalentOperations, $0.label) < ($1.equivalentOperations, $1.label) }
    for index in ParetoFrontier.indices(points.map { ($0.equivalentOperations, $0.accuracy) }) {
      points[index].isBest = true
    }
    return points
  }
}
