import Tandem

/// The rows of several runs, brought together; made only where they may be compared.
struct RunTable {
  private let runs: [ReportedRun]
  /// Whether rows of one label in several runs are different rows.
  private let isApart: Bool
  /// In the order in which the runs name them.
  let tasks: [String]
  let differences: [String]

  /// Throws `notComparable` or `repeatedJob` unless `allowsDifferent`.
  init(_ runs: [ReportedRun], allowsDifferent: Bool) throws {
    self.runs = runs
    isApart = allowsDifferent
    let tasks = runs.flatMap { $0.header.plan.tasks.map(\.title) }
    self.tasks = tasks.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    var differences: [String] = []
    for task in self.tasks {
      differences += try RunDifferences.of(runs.filter { $0.has(task) }, on: task).map { "\(task): \($0)" }
    }
    self.differences = differences
    if allowsDifferent { return }
    guard differences.isEmpty else { throw ReportError.notComparable(differences: differences) }
    try Self.checkNoneRepeated(runs)
  }

  /// The rows that have a record of `task`, in the order in which the runs name them.
  func rows(of task: String) throws -> [RowRecords] {
    let runs = runs.filter { $0.has(task) }
    let labels = runs.flatMap { $0.header.plan.rows.map(\.label) }
    let shared = Set(labels.filter { label in labels.count { $0 == label } > 1 })
    var parts: [(label: String, row: RowRecords)] = []
    for run in runs {
      for row in run.header.plan.rows {
        let label = isApart && shared.contains(row.label) ? "\(row.label) (\(run.name))" : row.label
        if let found = try run.records(of: row, task, label) { parts.append((label, found)) }
      }
    }
    let order = parts.map(\.label).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    return order.compactMap { label in
      let same = parts.filter { $0.label == label }.map(\.row)
      var merged = RowRecords.pooled(same)
      merged?.conditions = same.first?.conditions
      return merged
    }
  }

  private static func checkNoneRepeated(_ runs: [ReportedRun]) throws(ReportError) {
    var owners: [Record.Key: String] = [:]
    for run in runs {
      for record in run.records {
        guard let owner = owners.updateValue(run.name, forKey: record.key) else { continue }
        let job = "\(record.task) \(record.problem), row \(record.row), seed \(record.seed)"
        throw .repeatedJob(job, first: owner, second: run.name)
      }
    }
  }
}

extension ReportedRun {
  fileprivate func has(_ task: String) -> Bool { header.plan.tasks.contains { $0.title == task } }

  /// nil if nothing of the row is done.
  fileprivate func records(of row: Plan.Row, _ task: String, _ label: String) throws -> RowRecords? {
    let found = records.filter { $0.task == task && $0.row == row.label }
    guard !found.isEmpty else { return nil }
    return try RowRecords(
      label: label, runs: [name], jobs: jobCount(task: task), conditions: ComparedConditions(header, task: task),
      records: found)
  }
}
