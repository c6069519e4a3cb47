import Foundation
import Testing

@testable import TandemEvaluation

@Suite struct `Reading a run for a report` {
  @Test func `reads what is there`() throws {
    try ReportFixture.withFolder { path in
      let run = try ReportedRun(reading: path)
      #expect(run.records == ReportFixture.records)
      #expect(run.jobCount == 18)
      #expect(!run.hasTornLine)
      #expect(run.notes.count == 1)  // the job that failed
    }
  }

  @Test func `says that there is no run`() {
    let error = #expect(throws: EvaluationError.self) { try ReportedRun(reading: "no/such/run") }
    #expect(error?.description.contains("no/such/run") == true)
  }

  @Test func `refuses a run without results`() throws {
    try ReportFixture.withFolder(lines: []) { path in
      let error = #expect(throws: ReportError.self) { try ReportedRun(reading: path) }
      #expect(error == .emptyRun(path: path))
      #expect(error?.description.contains("no results yet") == true)
    }
  }

  @Test func `leaves a torn last line out, and says so`() throws {
    try ReportFixture.withFolder(lines: Array(ReportFixture.records.prefix(4)), tail: #"{"version":1,"ta"#) { path in
      let run = try ReportedRun(reading: path)
      #expect(run.records.count == 4)
      #expect(run.hasTornLine)
      #expect(
        run.notes == [
          "\(path) is unfinished: 4 of 18 jobs are done. All numbers are of these.",
          "\(path) was killed while it wrote its last line; that job counts as not done.",
        ])
      let report = try ReportFixture.report([run])
      #expect(report.tasks[0].rows[0].counts.jobs == 6)
      #expect(report.tasks[0].rows[0].counts.done == 4)
      #expect(report.markdown.contains("4/6"))
    }
  }

  @Test func `names the line that can't be read`() throws {
    try ReportFixture.withFolder(tail: "{ no record }\n") { path in
      let error = #expect(throws: EvaluationError.self) { try ReportedRun(reading: path) }
      #expect(error?.description.hasPrefix("Line 19 of ") == true)
    }
  }

  @Test func `refuses a record that the plan does not have`() throws {
    let stray = ReportFixture.records("strange", "c", small: 1, large: 0, seeds: [1])
    try ReportFixture.withFolder(lines: stray) { path in
      let error = #expect(throws: ReportError.self) { try ReportedRun(reading: path) }
      #expect(error == .strayRecord(path: path, record: "sums p1, row strange, seed 1"))
    }
  }
}
