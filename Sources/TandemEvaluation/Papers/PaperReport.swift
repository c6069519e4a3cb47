import Tandem

/// The figures of a paper beside those of runs that repeat it. A row of a run stands beside the figure of its task and label.
package struct PaperReport: Sendable, Hashable, Encodable {
  package let paper: String
  package let source: String
  package let lines: [Line]
  package let notes: [String]

  /// One row on one task: what the paper reports, and what a run measured.
  package struct Line: Sendable, Hashable, Encodable {
    package let task: String
    package let row: String
    /// The run that the measured values are of; nil if there is none.
    package let run: String?
    package let values: [Value]
  }

  /// A number of the paper and of a run; nil where one has none.
  package struct Value: Sendable, Hashable, Encodable {
    package let name: String
    package let paper: Double?
    package let measured: Double?
  }

  /// - Parameter runs: Those to fill the columns with; none for the paper's figures alone.
  package init(_ paper: Paper, _ runs: [ReportedRun] = []) throws {
    let known = Measure.all.filter { measure in paper.figures.contains { measure.reported($0) != nil } }
    let measures = known.isEmpty ? Array(Measure.all.prefix(2)) : known
    func line(_ figure: Paper.Figure, _ run: String? = nil, _ row: RowRecords? = nil) -> Line {
      let values = measures.map {
        Value(name: $0.name, paper: $0.reported(figure), measured: row.flatMap($0.measured))
      }
      return Line(task: figure.task, row: figure.row, run: run, values: values)
    }
    let tables = try runs.map { (run: $0.name, table: try RunTable([$0], allowsDifferent: false)) }
    lines = try paper.figures.flatMap { figure in
      let found = try tables.flatMap { run, table in
        try table.rows(of: figure.task).filter { $0.label == figure.row }.map { line(figure, run, $0) }
      }
      return found.isEmpty ? [line(figure)] : found
    }
    let matched = Set(lines.compactMap(\.run))
    self.paper = paper.title
    source = paper.source
    notes =
      paper.notes
      + runs.map(\.name).filter { !matched.contains($0) }.map {
        "No row of \($0) has a task and a label of this paper."
      }
  }
}

/// A number that papers report and runs have.
private struct Measure: Sendable {
  let name: String
  let reported: @Sendable (Paper.Figure) -> Double?
  let measured: @Sendable (RowRecords) -> Double?

  /// The first two are shown of a paper without numbers.
  static let all = [
    Measure(name: "accuracy, %", reported: \.accuracy) { $0.accuracy.map { $0 * 100 } },
    Measure(name: "tokens", reported: \.tokens) { row in
      row.mean { Double($0.thinkingTokens + $0.usage.small.answer + $0.usage.large.answer) }
    },
    Measure(name: "large share, %", reported: \.largeShare) { row in
      let (small, large) = (
        row.mean { Double($0.usage.small.thinking + $0.usage.small.answer) },
        row.mean { Double($0.usage.large.thinking + $0.usage.large.answer) }
      )
      guard let small, let large, small + large > 0 else { return nil }
      return large / (small + large) * 100
    },
    Measure(name: "large thinking", reported: \.largeThinking) { row in row.mean { Double($0.usage.large.thinking) } },
    Measure(name: "answer", reported: \.answerTokens) { row in
      row.mean { Double($0.usage.small.answer + $0.usage.large.answer) }
    },
    Measure(name: "seconds", reported: \.seconds) { row in row.mean(\.seconds) },
  ]
}

extension RowRecords {
  fileprivate func mean(_ value: (Record) -> Double) -> Double? {
    graded.isEmpty ? nil : graded.reduce(0) { $0 + value($1) } / Double(graded.count)
  }
}

extension PaperReport {
  /// A table for each task: the paper's number, then the run's.
  package var tables: [ReportTable] {
    let tasks = lines.map(\.task).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    return tasks.map { task in
      let rows = lines.filter { $0.task == task }
      let columns = rows[0].values.flatMap { ["\($0.name), paper", $0.name] }
      return ReportTable(
        task, ["row"] + columns + ["run"],
        rows: rows.map { line in
          [line.row]
            + line.values.flatMap { [ReportNumber.decimal($0.paper, 1), ReportNumber.decimal($0.measured, 1)] }
            + [line.run ?? ""]
        })
    }
  }
}
