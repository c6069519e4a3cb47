import Tandem

/// All rows on one task, or on all tasks together.
package struct TaskReport: Sendable, Hashable, Codable {
  package var name: String
  package var rows: [RowReport]
  /// The label of the row that the others are compared with.
  package var baseline: String
  package var comparisons: [RowComparison]
  /// What a reader has to know about these numbers.
  package var notes: [String]
  /// Which size, how many tokens and how many tries are worth their cost; nil without an intensity.
  package var frontier: [FrontierPoint]?

  /// - Parameters:
  ///   - rows: At least one.
  ///   - baseline: A label; nil for the best row of a single model.
  init(
    _ name: String, _ rows: [RowRecords], baseline: String?, prices: PriceTable?, intensity: Double? = nil,
    _ bootstrap: Bootstrap
  ) throws(ReportError) {
    let chosen = try Self.baseline(of: rows, label: baseline)
    let largeOnly = Self.best(rows.filter(\.isLargeOnly))
    self.name = name
    self.baseline = chosen.label
    self.rows = rows.map { RowReport($0, largeOnly: largeOnly, prices: prices, intensity: intensity, bootstrap) }
    let others = rows.filter { $0.label != chosen.label }
    comparisons = others.compactMap { RowComparison($0, against: chosen, bootstrap) }
    notes = []
    frontier = intensity.map { FrontierPoint.all(self.rows, intensity: $0) }
    let candidates = rows.count(where: \.isSingleModel)
    if baseline == nil, candidates > 1 {
      notes.append(
        "The baseline, \(chosen.label), is the most accurate of \(candidates) single-model rows on these same problems,"
          + " which favours it a little. Another baseline can be chosen.")
    }
    if let largeOnly {
      notes.append("Large-model tokens are saved against \(largeOnly.label), on the same problems and seeds.")
    }
    for row in others where !comparisons.contains(where: { $0.row == row.label }) {
      notes.append("\(row.label) has no problem and seed in common with \(chosen.label).")
    }
  }

  private static func baseline(of rows: [RowRecords], label: String?) throws(ReportError) -> RowRecords {
    if let label {
      guard let row = rows.first(where: { $0.label == label }) else {
        throw .unknownBaseline(label: label, known: rows.map(\.label))
      }
      return row
    }
    let singles = rows.filter(\.isSingleModel)
    guard let best = best(singles.isEmpty ? rows : singles) else { preconditionFailure("a task has a row") }
    return best
  }

  /// The most accurate row; the first of several.
  private static func best(_ rows: [RowRecords]) -> RowRecords? {
    rows.reduce(nil) { best, row in
      guard let best else { return row }
      return (row.accuracy ?? -1) > (best.accuracy ?? -1) ? row : best
    }
  }
}
