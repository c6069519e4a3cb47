extension Report {
  /// In which order rows stand.
  package enum Order: String, Sendable, CaseIterable {
    /// As the plan has them.
    case plan
    /// The most accurate first.
    case accuracy
    /// The quickest first.
    case seconds
    /// The one that thinks least first.
    case tokens
  }

  /// The same report with its rows in another order.
  package func sorted(by order: Order) -> Report {
    var report = self
    for index in report.tasks.indices { report.tasks[index].sort(by: order) }
    return report
  }
}

extension TaskReport {
  fileprivate mutating func sort(by order: Report.Order) {
    let key: (RowReport) -> Double
    switch order {
    case .plan: return
    case .accuracy: key = { -($0.accuracy?.value ?? -1) }
    case .seconds: key = { $0.time.seconds }
    case .tokens: key = { $0.thinking.tokens.all ?? .infinity }
    }
    // Equal rows keep the plan's order: Swift's sort is stable.
    rows.sort { key($0) < key($1) }
    let places = Dictionary(rows.enumerated().map { ($1.label, $0) }) { first, _ in first }
    comparisons.sort { places[$0.row, default: 0] < places[$1.row, default: 0] }
  }
}
