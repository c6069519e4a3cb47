import Foundation
import Tandem
import TandemTasks
import TandemTesting
import Testing

@testable import TandemEvaluation

@Suite struct `A control` {
  private static let target = Plan.Row(
    label: "target", strategy: "random-takeover",
    settings: ["probability": .number(0.6), "takeoverTokens": .integer(3)])
  private static let control = Plan.Row(label: "control", strategy: "random-takeover", matchShare: "target")

  @Test func `reaches the share of the row that it matches`() async throws {
    // The control stands first, and is run last. It takes over for longer: the share is not the probability.
    var control = Self.control
    control.settings = ["takeoverTokens": .integer(30)]
    let laboratory = try Laboratory(
      rows: [control, Self.target], seeds: [3, 4, 5, 6, 7, 8], budget: Budget(thinkingTokens: 200, answerTokens: 10),
      chosen: 12)
    defer { laboratory.remove() }
    try await laboratory.evaluate()
    let calibration = try #require(try laboratory.run.calibrations().first)
    let records = try laboratory.run.records()
    func share(_ row: String) -> Double? {
      records.filter { $0.row == row }.reduce(Usage()) { $0 + $1.usage }.largeShare
    }
    #expect(calibration.targetShare == share("target"))
    #expect(abs(try #require(share("control")) - calibration.targetShare) < 0.12)
    #expect(calibration.trials.count == 2 && calibration.trials[0].probability == calibration.targetShare)
    #expect(!laboratory.plan.seeds.contains(calibration.seed))
    let settings = Set(records.filter { $0.row == "control" }.map(\.settings))
    #expect(settings.count == 1)
    #expect(settings.first?["probability"] == .number(calibration.probability))
    #expect(records.firstIndex { $0.row == "control" } == 72)
  }

  @Test func `has the settings of its target that it does not set itself`() throws {
    let laboratory = try Laboratory(rows: [Self.target, Self.control])
    defer { laboratory.remove() }
    let strategy = try laboratory.plan.strategy(of: Self.control, probability: 0.3)
    let settings = Strategies.settings(of: strategy)
    #expect(settings["takeoverTokens"] == .integer(3))
    #expect(settings["probability"] == .number(0.3))
  }

  @Test func `is calibrated once, however often the run is resumed`() async throws {
    let laboratory = try Laboratory(rows: [Self.target, Self.control])
    defer { laboratory.remove() }
    try await laboratory.evaluate()
    let lines = try laboratory.lines
    let first = try laboratory.run.calibrations()
    try (lines.dropLast(4).joined(separator: "\n") + "\n").write(
      to: laboratory.run.recordsFile, atomically: true, encoding: .utf8)
    try await laboratory.evaluate()
    #expect(try laboratory.run.calibrations() == first)
    #expect(first.count == 1)
  }

  @Test func `has a pilot of other problems where there are enough`() throws {
    var many = try Laboratory(problems: (1...60).map { ("What is \($0)?", "\($0)") }, chosen: 20)
    defer { many.remove() }
    #expect(try LoadedTask(many.plan.tasks[0]).pilot.isHeldOut)
    #expect(try LoadedTask(many.plan.tasks[0]).pilot.exercises.first?.id == "20")
    many.plan.tasks[0].problems = 40
    let pilot = try LoadedTask(many.plan.tasks[0]).pilot
    #expect(!pilot.isHeldOut && pilot.exercises.count == 32)
  }

  @Test func `cannot be a control of a control, or of nothing`() throws {
    var laboratory = try Laboratory(rows: [Self.target, Self.control])
    defer { laboratory.remove() }
    laboratory.plan.rows.append(Plan.Row(label: "third", strategy: "random-takeover", matchShare: "control"))
    #expect(throws: EvaluationError.self) { try laboratory.plan.validate() }
    laboratory.plan.rows[2] = Plan.Row(label: "third", strategy: "small-only", matchShare: "target")
    #expect(throws: EvaluationError.self) { try laboratory.plan.validate() }
  }
}

@Suite struct `A judge's marks for its own steps` {
  private func records(_ marks: [Double]...) -> [Record] {
    marks.enumerated().map { index, marks in
      var record = ReportFixture.record("small", "p\(index)", 1, .correct, small: 10, large: 0)
      record.marks = marks
      return record
    }
  }

  @Test func `have quantiles, none of which rejects more than its share`() throws {
    let calibration = try MarkCalibration(records([1, 2, 3, 4, 5], [6, 7, 8, 9, 9]), quantile: 0.3)
    #expect(calibration.runs == 2 && calibration.steps == 10 && calibration.mean == 5.4)
    #expect(calibration.points.map(\.threshold) == [1, 2, 3, 6])
    #expect(calibration.points.map(\.rejected) == [0, 0.1, 0.2, 0.5])
    #expect(calibration.chosen == .init(quantile: 0.3, threshold: 4, rejected: 0.3))
    #expect(try MarkCalibration(records([5, 5, 5, 9]), quantile: 0.5).chosen.rejected == 0)
    #expect(try MarkCalibration(records([4.49996, 4.49996]), quantile: 1).chosen.threshold == 4.499)
  }

  @Test func `are no quantiles where there are none`() throws {
    var failed = records([3])
    failed[0].grade = .failed
    for records in [[], failed, [ReportFixture.record("small", "p", 1, .correct, small: 1, large: 0)]] {
      #expect(throws: EvaluationError.noThreshold(reason: "no step was marked")) {
        try MarkCalibration(records, quantile: 0.1)
      }
    }
  }

  @Test func `are in the records of a run that asks for them`() async throws {
    let row = Plan.Row(label: "marks", strategy: "spec-reason", settings: ["threshold": .integer(-1)])
    let laboratory = try Laboratory(
      rows: [row], problems: Array([(String, String)].sums.prefix(1)), parallel: 1,
      small: ScriptedModel("A.\n\n", "B.</think>\\boxed{2}<|im_end|>"),
      large: ScriptedModel(scripts: ["quality score": ["8", "0"], "": []]))
    defer { laboratory.remove() }
    try await laboratory.evaluate()
    let record = try #require(try laboratory.run.records().first)
    #expect(record.marks == [8, 0])
    #expect(record.grade == .correct, "\(record.reason)")
  }
}
