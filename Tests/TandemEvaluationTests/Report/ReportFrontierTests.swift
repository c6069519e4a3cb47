import Foundation
import Tandem
import TandemTasks
import Testing

@testable import TandemEvaluation

/// Kinetics (arXiv:2506.05333) on the runs of `ReportFixture`, with costs that are easy to multiply.
@Suite struct `A report's frontier` {
  private static let costs: [String: (operations: Double, prompt: Double, written: Double)] = [
    "small": (1e9, 1e6, 2e6), "both": (6e9, 5e7, 5e7), "large": (1e10, 1e8, 1e8),
  ]

  private func report(intensity: Double?) throws -> Report {
    let records = ReportFixture.records.map { record in
      var record = record
      let cost = Self.costs[record.row] ?? (0, 0, 0)
      var kinetics = KineticCost()
      (kinetics.operations, kinetics.promptBytes, kinetics.writtenBytes) = (cost.operations, cost.prompt, cost.written)
      record.kinetics = kinetics
      record.operations = cost.operations / 2
      return record
    }
    return try Report(
      [ReportFixture.run(records: records)], intensity: intensity, bootstrap: Bootstrap(resamples: 20, seed: 1))
  }

  @Test func `has each row, and the majority of its seeds, by cost`() throws {
    let points = try #require(report(intensity: 100).tasks[0].frontier)
    // One problem of the small model has a single run.
    #expect(points.map(\.label) == ["small", "both", "both × 2", "large", "large × 2"])
    // Two tries read the prompt once: 12e9 + 100 · (5e7 + 2 · 5e7), and 20e9 + 100 · (1e8 + 2 · 1e8).
    #expect(points.map(\.equivalentOperations) == [1.3e9, 16e9, 27e9, 30e9, 50e9])
    #expect(points.filter(\.isBest).map(\.label) == ["small", "both", "large"])
    #expect(points[0].models == ["S"] && points[1].models == ["S", "L"] && points[2].tries == 2)
  }

  @Test func `stands in a table and a plot, with the costs beside the operations`() throws {
    let report = try report(intensity: 100)
    let tables = report.tasks[0].tables
    let frontier = try #require(tables.first { $0.title.hasPrefix("Which size") })
    #expect(frontier.rows[1] == ["both", "S + L", "87", "1", "16.0", "50.0 %"])
    let time = try #require(tables.first { $0.title == "Time and cost" })
    let cells = zip(time.header, time.rows[2]).filter {
      ["GFLOP a run", "with attention", "cache read, GB", "eGFLOP"].contains($0.0)
    }
    #expect(cells.map(\.1) == ["3.00", "6.00", "0.100", "16.0"])
    #expect(report.html.contains("Which size, how many tokens, how many tries (dashed: Pareto frontier)"))
    #expect(
      report.notes.contains("eGFLOP: operations with attention, and 100 for each byte of the caches that is read."))
  }

  @Test func `is not there without an intensity`() throws {
    let report = try report(intensity: nil)
    #expect(report.tasks[0].frontier == nil)
    #expect(!report.markdown.contains("eGFLOP") && report.markdown.contains("cache read, GB"))
    #expect(try !ReportFixture.report().markdown.contains("cache read"))
  }
}
