import Tandem

/// The results of one or several runs, for each task and row, with intervals and paired comparisons.
///
/// Made of values only: `tables` and `html` show it, and its JSON is all of it.
package struct Report: Sendable, Hashable, Encodable {
  package var runs: [Run]
  package var tasks: [TaskReport]
  /// What is not equal in the runs; empty unless they may differ.
  package var differences: [String]
  /// What a reader has to know before the numbers.
  package var notes: [String]
  package var prices: PriceTable?
  /// Operations that the device makes while it reads a byte; nil if none was said.
  package var intensity: Double?
  /// How many samples each interval is made of, and the seed of their draws.
  package var resamples: Int
  package var bootstrapSeed: UInt64

  /// Where a run is from.
  package struct Run: Sendable, Hashable, Encodable {
    package var name: String
    package var program: String
    package var machine: String
    package var startedAt: Double
    package var jobs: Int
    package var done: Int
  }

  /// Compares all rows of `runs`.
  ///
  /// - Parameters:
  ///   - baseline: The label of the row that the others are compared with; nil for the best row of a single model.
  ///   - intensity: Operations that the device makes while it reads a byte, for costs with memory traffic.
  ///   - allowsDifferent: Whether runs under different conditions are shown side by side, rows of the same label apart,
  ///     and the differences with them.
  ///
  /// Throws `ReportError`: `notComparable` with all that differs, `repeatedJob`, `unknownBaseline`.
  package init(
    _ runs: [ReportedRun], baseline: String? = nil, prices: PriceTable? = nil, intensity: Double? = nil,
    allowsDifferent: Bool = false
  ) throws {
    try self.init(
      runs, baseline: baseline, prices: prices, intensity: intensity, allowsDifferent: allowsDifferent,
      bootstrap: Bootstrap())
  }

  package init(
    _ runs: [ReportedRun], baseline: String? = nil, prices: PriceTable? = nil, intensity: Double? = nil,
    allowsDifferent: Bool = false, bootstrap: Bootstrap
  ) throws {
    let table = try RunTable(runs, allowsDifferent: allowsDifferent)
    var groups = try table.tasks.map { (name: $0, rows: try table.rows(of: $0)) }.filter { !$0.rows.isEmpty }
    let everywhere = groups.first?.rows.map(\.label).filter { label in
      groups.allSatisfy { $0.rows.contains { $0.label == label } }
    }
    if groups.count > 1, let everywhere, !everywhere.isEmpty, baseline.map(everywhere.contains) ?? true {
      let pooled = everywhere.compactMap { label in
        RowRecords.pooled(groups.compactMap { $0.rows.first { $0.label == label } })
      }
      groups.append((name: "all tasks", rows: pooled))
    }
    tasks = try groups.map {
      try TaskReport($0.name, $0.rows, baseline: baseline, prices: prices, intensity: intensity, bootstrap)
    }
    self.runs = runs.map {
      Run(
        name: $0.name, program: $0.header.program, machine: $0.header.machine, startedAt: $0.header.startedAt,
        jobs: $0.jobCount, done: $0.records.count)
    }
    differences = table.differences
    notes = runs.flatMap(\.notes)
    if Set(runs.map(\.header.machine)).count > 1 {
      notes.append("The runs are of different machines: their seconds can't be compared.")
    }
    if let prices { notes.append(prices.description) }
    if let intensity {
      notes.append(
        "eGFLOP: operations with attention, and \(ReportNumber.short(intensity)) for each byte of the caches that is read."
      )
    }
    (self.prices, self.intensity) = (prices, intensity)
    resamples = bootstrap.resamples
    bootstrapSeed = bootstrap.seed
  }
}
