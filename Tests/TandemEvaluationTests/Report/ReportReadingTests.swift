import Foundation
import Tandem
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

  /// A record with everything that has numbers, as JSON.
  private static func fullRecord() throws -> Setting {
    var record = ReportFixture.record("both", "p1", 1, .correct, small: 60, large: 20)
    (record.phases, record.marks, record.operations) = (["drafting": 1], [0.5], 1e9)
    record.kinetics = KineticCost()
    return try JSONDecoder().decode(Setting.self, from: JSONEncoder().encode(record))
  }

  @Test(arguments: [.integer(.max), .integer(.min), .number(1e308), .number(-1e308), .integer(1 << 62)] as [Setting])
  func `refuses numbers that no run has, and names them`(value: Setting) throws {
    let full = try Self.fullRecord()
    let places = full.numberPlaces.filter {
      !["seed", "operations", "kinetics", "settings"].contains($0.first)
    }
    #expect(places.count > 40)
    for place in places {
      let line = String(decoding: try JSONEncoder().encode(full.replacing(place, with: value)), as: UTF8.self)
      try ReportFixture.withFolder(lines: [], tail: line + "\n") { path in
        let error = #expect(throws: EvaluationError.self) { try ReportedRun(reading: path) }
        #expect(error?.description.hasPrefix("Line 1 of ") == true, "\(place): \(String(describing: error))")
      }
    }
  }

  @Test(arguments: [.number(1e12), .number(-1e12), .integer(-1), .integer(0)] as [Setting])
  func `makes a report of any number that it takes`(value: Setting) throws {
    let full = try Self.fullRecord()
    var records = ReportFixture.records
    for place in full.numberPlaces where place != ["seed"] && place != ["version"] && place.first != "settings" {
      // What is a whole number stays one.
      guard
        let record = try? JSONDecoder().decode(
          Record.self, from: JSONEncoder().encode(full.replacing(place, with: value)))
      else { continue }
      records.removeAll { $0.key == record.key }
      records.append(record)
      let report = try Report(
        [ReportFixture.run(records: records)], prices: PriceTable(large: .init(output: 1)), allowsDifferent: false,
        bootstrap: Bootstrap(resamples: 2, seed: 1))
      #expect(!report.html.isEmpty && !report.markdown.isEmpty, "\(place)")
    }
  }

  @Test func `refuses tenths of a thinking that are not ten, and a choice of no draft`() throws {
    let short = try Self.fullRecord().replacing(["authorship", "small"], with: .list([.number(1)]))
    var record = ReportFixture.record("both", "p1", 1, .correct, small: 60, large: 20)
    record.selection = Selection(method: "labels", scores: [0, 1], chosen: 1, order: [])
    record.drafts = [GradedDraft(tokens: 1, isComplete: true)]
    let chosen = try JSONDecoder().decode(Setting.self, from: JSONEncoder().encode(record))
    for (tree, words) in [(short, "1 entries instead of 10"), (chosen, "it chose draft 1 of 1")] {
      let line = String(decoding: try JSONEncoder().encode(tree), as: UTF8.self)
      try ReportFixture.withFolder(lines: [], tail: line + "\n") { path in
        let error = #expect(throws: EvaluationError.self) { try ReportedRun(reading: path) }
        #expect(error?.description.contains(words) == true, "\(String(describing: error))")
      }
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

extension Setting {
  /// Where in this tree numbers stand.
  fileprivate var numberPlaces: [[String]] {
    switch self {
    case .integer, .number: [[]]
    case .list(let items): items.indices.flatMap { place in items[place].numberPlaces.map { ["\(place)"] + $0 } }
    case .dictionary(let entries): entries.flatMap { key, value in value.numberPlaces.map { [key] + $0 } }
    case .flag, .text, .none: []
    }
  }

  fileprivate func replacing(_ place: [String], with value: Setting) -> Setting {
    guard let step = place.first else { return value }
    let rest = Array(place.dropFirst())
    switch self {
    case .list(var items):
      if let index = Int(step) { items[index] = items[index].replacing(rest, with: value) }
      return .list(items)
    case .dictionary(var entries):
      entries[step] = (entries[step] ?? .none).replacing(rest, with: value)
      return .dictionary(entries)
    default: return self
    }
  }
}
