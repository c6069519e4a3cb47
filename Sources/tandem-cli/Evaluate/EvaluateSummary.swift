import Tandem
import TandemCommandLine
import TandemEvaluation

/// What `tandem evaluate` prints when a run is done: counts. Intervals and comparisons are the report's.
struct EvaluateSummary {
  private let plan: Plan
  private let records: [Record]

  init(_ plan: Plan, _ records: [Record]) { (self.plan, self.records) = (plan, records) }

  var text: StyledText {
    var table = Table(
      [
        "TASK", "ROW", "RUNS", "CORRECT", "WRONG", "CUT", "UNPARSABLE", "FAILED", "THINKING TOKENS",
        "BY THE LARGE MODEL",
      ],
      rightAligned: [2, 3, 4, 5, 6, 7, 8, 9])
    for task in plan.tasks {
      for row in plan.rows {
        let records = records.filter { $0.task == task.title && $0.row == row.label }
        guard !records.isEmpty else { continue }
        func count(_ grade: Grade) -> String { "\(records.count { $0.grade == grade })" }
        let usage = records.reduce(Usage()) { $0 + $1.usage }
        let thinking = Double(records.reduce(0) { $0 + $1.thinkingTokens }) / Double(records.count)
        table.add([
          task.title, row.label, "\(records.count)", count(.correct), count(.wrong), count(.truncated),
          count(.unparsable), count(.failed), thinking.digits(0),
          usage.largeShare?.percent() ?? "",
        ])
      }
    }
    return table.text
  }
}
