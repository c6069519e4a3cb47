import Tandem

/// Finds what is not equal in runs that would be compared.
enum RunDifferences {
  /// All that differs on a task that every run has, as "sampling.temperature is 0.6 in a, b and 1 in c".
  static func of(_ runs: [ReportedRun], on task: String) throws -> [String] {
    let values = try runs.map { run in
      let conditions = try ComparedConditions(run.header, task: task).values
      return (name: run.name, values: conditions.merging(rowValues(run, task)) { first, _ in first })
    }
    let keys = Set(values.flatMap { $0.values.keys })
    return keys.sorted().compactMap { key in
      var groups: [(value: String, names: [String])] = []
      for run in values {
        if run.values[key] == nil && isOptional(key) { continue }
        let value = run.values[key] ?? "not set"
        if let place = groups.firstIndex(where: { $0.value == value }) {
          groups[place].names.append(run.name)
        } else {
          groups.append((value, [run.name]))
        }
      }
      guard groups.count > 1 else { return nil }
      let parts = groups.map { "\($0.value) in \($0.names.joined(separator: ", "))" }
      return "\(key) is \(parts.joined(separator: " and "))"
    }
  }

  /// A run without a row, or without a model of some role, has nothing there that could differ.
  private static func isOptional(_ key: String) -> Bool {
    key.hasPrefix(rowPrefix) || Role.allCases.contains { $0.rawValue == key }
  }

  /// Strategy and settings of each row, as its records have them: all of them, defaults too.
  private static func rowValues(_ run: ReportedRun, _ task: String) -> [String: String] {
    run.header.plan.rows.reduce(into: [:]) { values, row in
      guard let record = run.records.first(where: { $0.task == task && $0.row == row.label }) else { return }
      values["\(rowPrefix)\(row.label).strategy"] = record.strategy
      for (key, value) in record.settings { values["\(rowPrefix)\(row.label).\(key)"] = "\(value)" }
    }
  }

  private static let rowPrefix = "row "
}
