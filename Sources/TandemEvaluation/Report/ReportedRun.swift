import Foundation
import TandemSupport

/// A run as it was found in its folder.
package struct ReportedRun: Sendable, Hashable {
  /// What the report calls it: its path as the user gave it.
  package let name: String
  package let header: RunHeader
  /// The records that count.
  package let records: [Record]
  /// Whether a last line was cut off in its middle when the run was killed. Its job counts as not done.
  package let hasTornLine: Bool

  package init(name: String, header: RunHeader, records: [Record], hasTornLine: Bool = false) {
    self.name = name
    self.header = header
    self.records = records
    self.hasTornLine = hasTornLine
  }

  /// Reads a run. Throws `EvaluationError` for what can't be read, with its line, and `ReportError` for a run that has
  /// no record, or one that its plan does not have.
  package init(reading path: String) throws {
    let folder = RunFolder(URL(filePath: path, directoryHint: .isDirectory))
    let header = try folder.header()
    let records = try folder.records()
    guard !records.isEmpty else { throw ReportError.emptyRun(path: path) }
    let plan = header.plan
    let (tasks, rows) = (Set(plan.tasks.map(\.title)), Set(plan.rows.map(\.label)))
    if let stray = records.first(where: {
      !tasks.contains($0.task) || !rows.contains($0.row) || !plan.seeds.contains($0.seed)
    }) {
      let record = "\(stray.task) \(stray.problem), row \(stray.row), seed \(stray.seed)"
      throw ReportError.strayRecord(path: path, record: record)
    }
    self.init(name: path, header: header, records: records, hasTornLine: try folder.hasTornLine())
  }

  /// How many jobs a row has on a task.
  func jobCount(task: String) -> Int {
    let problems = header.tasks.first { $0.name == task }?.problems ?? 0
    return problems * header.plan.seeds.count
  }

  /// All jobs of the plan.
  package var jobCount: Int {
    header.plan.tasks.reduce(0) { $0 + jobCount(task: $1.title) } * header.plan.rows.count
  }

  /// What a reader has to know of this run before its numbers.
  var notes: [String] {
    var notes: [String] = []
    if records.count < jobCount {
      notes.append("\(name) is unfinished: \(records.count) of \(jobCount) jobs are done. All numbers are of these.")
    }
    if hasTornLine { notes.append("\(name) was killed while it wrote its last line; that job counts as not done.") }
    let failed = records.count { $0.grade == .failed }
    if failed > 0 {
      notes.append(
        "\(name): \(failed) of \(records.count) jobs failed for reasons unrelated to reasoning. They are excluded from all"
          + " figures except the \"failed\" column; resuming the run tries them again.")
    }
    return notes
  }
}

extension RunFolder {
  /// Whether the file of records does not end with a whole line.
  fileprivate func hasTornLine() throws(EvaluationError) -> Bool {
    do {
      let file = try FileHandle(forReadingFrom: recordsFile)
      defer { try? file.close() }
      let length = try file.seekToEnd()
      guard length > 0 else { return false }
      try file.seek(toOffset: length - 1)
      return try file.read(upToCount: 1) != Data([UInt8(ascii: "\n")])
    } catch {
      throw .invalidFile(path: recordsFile.path, line: nil, reason: error.systemReason)
    }
  }
}
