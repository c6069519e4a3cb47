import Tandem
import Testing

@testable import TandemEvaluation

@Suite struct `The drafts of a row` {
  /// A run with drafts written as "cwt", of 10, 20, … tokens; wrong answers are all the same one. `chosen` counts from 0.
  private func record(_ problem: String, _ drafts: String, chosen: Int?) -> Record {
    var record = ReportFixture.record("small", problem, 1, .correct, small: 100, large: 0)
    record.selection = Selection(method: "labels", scores: drafts.map { _ in 0 }, chosen: chosen, order: [])
    record.drafts = drafts.enumerated().map { index, letter in
      GradedDraft(
        tokens: 10 * (index + 1), isComplete: letter != "t",
        grade: letter == "c" ? .correct : letter == "w" ? .wrong : nil,
        answer: letter == "w" ? "5" : nil)
    }
    return record
  }

  @Test func `are worth what a vote, the shortest and an oracle come to`() throws {
    let report = try #require(
      DraftReport([
        record("p1", "wcc", chosen: 1), record("p2", "cww", chosen: 1), record("p3", "www", chosen: nil),
        record("p4", "twt", chosen: 1),
      ]))
    #expect(report.drafts == 3 && report.tokens == 20)
    #expect(report.complete == 10.0 / 12)
    #expect(report.rejected == 0.25)
    let answered = try #require(report.answered)
    #expect(answered.single == 3.0 / 12)
    #expect(answered.majority == 0.25)
    #expect(answered.shortest == 0.25)
    #expect(answered.oracle == 0.5)
    #expect(answered.chosen == 1.0 / 3)
    #expect(answered.whenRightExists == 0.5)
    #expect(answered.whenNoneIsRight == 0.5)
  }

  @Test func `say nothing of answers that nobody asked for`() throws {
    var record = record("p1", "cw", chosen: 0)
    record.drafts?[1].grade = nil
    #expect(try #require(DraftReport([record])).answered == nil)
    #expect(DraftReport([ReportFixture.record("small", "p1", 1, .correct, small: 100, large: 0)]) == nil)
  }

  @Test func `stand in a table of their own`() throws {
    let run = ReportFixture.run(records: [record("p1", "wcc", chosen: 1), record("p2", "cww", chosen: nil)])
    let table = try #require(try ReportFixture.report([run]).tasks[0].tables.first { $0.title.hasPrefix("Drafts") })
    #expect(table.rows[0].contains("50.0 %"))
  }
}

@Suite struct `A threshold for drafts` {
  private func record(_ row: String, _ problem: Int, _ isRight: Bool, score: Double? = nil) -> Record {
    var record = ReportFixture.record(row, "p\(problem)", 1, isRight ? .correct : .wrong, small: 1, large: 0)
    record.selection = score.map { Selection(method: "worst-token", scores: [$0 - 1, $0], chosen: 1, order: []) }
    return record
  }

  @Test func `is found where rejecting pays most`() throws {
    let kept = [(-4.0, false), (-3, false), (-2, true), (-1, true)].enumerated().map {
      record("kept", $0, $1.1, score: $1.0)
    }
    let rethought = [true, false, false, true].enumerated().map { record("rethought", $0, $1) }
    let calibration = try ThresholdCalibration(kept: kept, rethought: rethought)
    #expect(calibration.points.map(\.threshold) == [-1000, -3.5, -2.5, -1.5, 0])
    #expect(calibration.points.map(\.accuracy) == [0.5, 0.75, 0.75, 0.5, 0.5])
    #expect(calibration.points.map(\.rejected) == [0, 0.25, 0.5, 0.75, 1])
    #expect(calibration.best.threshold == -3.5)
  }

  @Test func `does not come between equal scores`() throws {
    let kept = [0, 1].map { record("kept", $0, $0 == 0, score: -2) }
    let calibration = try ThresholdCalibration(kept: kept, rethought: [0, 1].map { record("r", $0, true) })
    #expect(calibration.points.map(\.threshold) == [-1000, 0])
  }

  @Test func `needs problems that were solved both ways`() {
    #expect(throws: EvaluationError.noThreshold(reason: "no problem was solved both ways")) {
      try ThresholdCalibration(kept: [record("kept", 0, true, score: -1)], rethought: [record("r", 1, true)])
    }
  }
}
