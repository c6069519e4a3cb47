import Foundation
import Tandem
import Testing

@testable import TandemEvaluation

@Suite struct `A paper's figures` {
  private let rows = [
    Plan.Row(label: "R1-1.5B", strategy: "small-only"),
    Plan.Row(label: "R1-1.5B + R1-32B", strategy: "speculative-thinking"),
    Plan.Row(label: "mine", strategy: "small-only"),
  ]

  private func run(_ name: String, task: String = "math500") -> ReportedRun {
    let records =
      ReportFixture.records("R1-1.5B", "ccw ccc", small: 100, large: 0, task: task)
      + ReportFixture.records("R1-1.5B + R1-32B", "ccc ccc", small: 60, large: 20, task: task)
      + ReportFixture.records("mine", "www www", small: 9, large: 0, task: task)
    return ReportedRun(
      name: name, header: ReportFixture.header(task: task, rows: rows), records: records)
  }

  private func line(_ report: PaperReport, _ row: String) throws -> PaperReport.Line {
    try #require(report.lines.first { $0.task == "math500" && $0.row == row })
  }

  @Test func `stand beside empty columns as long as there is no run`() throws {
    let report = try PaperReport(.speculativeThinking)
    #expect(report.lines.count == Paper.speculativeThinking.figures.count)
    let line = try line(report, "R1-1.5B")
    #expect(line.values.map(\.name) == ["accuracy, %", "tokens", "large share, %"])
    #expect(line.values.map(\.paper) == [83.2, 5439.1, nil])
    #expect(report.lines.allSatisfy { $0.run == nil && $0.values.allSatisfy { $0.measured == nil } })
    #expect(report.markdown.contains("| R1-1.5B + R1-32B | 89.4 |  | 4582.8 |  | 19.0 |  |  |"))
  }

  @Test func `stand beside those of a run with the same task and label`() throws {
    let report = try PaperReport(.speculativeThinking, [run("runs/a")])
    let alone = try line(report, "R1-1.5B")
    #expect(alone.run == "runs/a")
    // Five of six are right; the sixth thinks ten tokens longer.
    #expect(alone.values[0].measured.map { abs($0 - 500.0 / 6) < 1e-9 } == true)
    #expect(alone.values[1].measured.map { abs($0 - 610.0 / 6) < 1e-9 } == true)
    #expect(alone.values[2].measured == 0)
    let both = try line(report, "R1-1.5B + R1-32B")
    #expect(both.values.map(\.measured) == [100, 82, 25])
    #expect(try line(report, "R1-7B").run == nil)
    #expect(report.markdown.contains("| R1-1.5B + R1-32B | 89.4 | 100.0 | 4582.8 | 82.0 | 19.0 | 25.0 | runs/a |"))
  }

  @Test func `have a line for each run, and say which run has none`() throws {
    let report = try PaperReport(.speculativeThinking, [run("a"), run("b"), run("c", task: "sums")])
    #expect(report.lines.filter { $0.task == "math500" && $0.row == "R1-1.5B" }.map(\.run) == ["a", "b"])
    #expect(report.notes.last == "No row of c has a task and a label of this paper.")
  }

  @Test func `that are not known are columns without numbers`() throws {
    let report = try PaperReport(.tldr)
    #expect(report.lines.allSatisfy { $0.values.map(\.name) == ["accuracy, %", "tokens"] })
    #expect(report.lines.allSatisfy { $0.values.allSatisfy { $0.paper == nil } })
  }

  @Test func `are there once for a task and a row`() {
    for paper in Paper.all {
      #expect(Set(paper.figures.map { [$0.task, $0.row] }).count == paper.figures.count, "\(paper.name)")
    }
  }

  @Test func `are found by the name of the paper`() {
    let error = #expect(throws: ReportError.self) { try Paper.named("scto") }
    #expect(error?.description.contains("Did you mean 'scot'?") == true)
  }
}
