import Testing

@testable import TandemEvaluation

@Suite struct `A comparison of rows` {
  private let task: TaskReport

  init() throws { task = try ReportFixture.report().tasks[0] }

  @Test func `is against the best row of a single model`() {
    #expect(task.baseline == "large")
    #expect(task.comparisons.map(\.row) == ["small", "both"])
    #expect(task.notes.first?.contains("most accurate of 2 single-model rows") == true)
  }

  @Test func `is on problems and seeds that failed in neither`() throws {
    let small = try #require(task.comparisons.first)
    #expect(small.pairs == 5)
    #expect(small.problems == 3)
    // Right: small 1 of 5, large 4 of these 5.
    #expect(abs(small.accuracy.mean + 3.0 / 5) < 1e-12)
    #expect(small.won == 0)
    #expect(small.lost == 3)
    // Differences -1, -2, 0 by problem: both signs of each, so 2 of 4 ways are as far from 0 as -3.
    #expect(small.pValue == 0.5)
  }

  @Test func `gives differences of tokens and seconds`() throws {
    let both = try #require(task.comparisons.last)
    // both: 82 82 92, 82 92 92. large: 80 80 90, 80 80 90.
    #expect(abs(both.thinkingTokens.mean - 22.0 / 6) < 1e-12)
    #expect(abs(both.seconds.mean - 1.0 / 6) < 1e-12)
    #expect(both.pValue == 1)
  }

  @Test func `an interval of equal rows is nothing`() throws {
    let twice = ReportFixture.records.filter { $0.row == "large" }.flatMap { record in
      var other = record
      other.row = "both"
      return [record, other]
    }
    let comparison = try #require(
      try ReportFixture.report([ReportFixture.run(records: twice)]).tasks[0].comparisons.first)
    #expect(comparison.accuracy == .init(mean: 0, interval: .init(lower: 0, upper: 0)))
    #expect(comparison.pValue == 1)
  }

  @Test func `takes the baseline that is asked for, or says which there are`() throws {
    #expect(try ReportFixture.report(baseline: "small").tasks[0].comparisons.map(\.row) == ["large", "both"])
    let error = #expect(throws: ReportError.self) { try ReportFixture.report(baseline: "lage") }
    #expect(error?.description.contains("Did you mean 'large'? Known: small, large, both") == true)
  }

  @Test func `says where two rows have nothing in common`() throws {
    let records =
      ReportFixture.records("small", "ccc", small: 9, large: 0, seeds: [1])
      + ReportFixture.records("large", "ccw", small: 0, large: 9, seeds: [2])
    let task = try ReportFixture.report([ReportFixture.run(records: records)]).tasks[0]
    #expect(task.comparisons.isEmpty)
    #expect(task.notes.contains("large has no problem and seed in common with small."))
  }
}
