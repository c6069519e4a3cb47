package import Foundation
import Tandem
import TandemSupport

/// Where a run lies:
///
///     RUN/plan.json             the header: plan, models, tasks          (RunHeader)
///     RUN/records.jsonl         one line for each job that was done      (Record)
///     RUN/calibrations.jsonl    one line for each row that was matched   (Calibration)
///     RUN/traces/TASK/ROW/PROBLEM-SEED.jsonl                             (Trace)
///
/// Lines are only ever appended. A last line without its newline was being written when the program was killed; readers
/// leave it out, and a run that is resumed cuts it off.
package struct RunFolder: Sendable, Hashable {
  package let url: URL

  package init(_ url: URL) { self.url = url }

  package var headerFile: URL { url.appending(path: "plan.json") }
  package var recordsFile: URL { url.appending(path: "records.jsonl") }
  package var calibrationsFile: URL { url.appending(path: "calibrations.jsonl") }

  /// Whether a run was begun here.
  package var exists: Bool { FileManager.default.fileExists(atPath: headerFile.path) }

  /// What the run was started with. Throws `notARun` if there is no run, and `invalidFile` if it can't be read.
  package func header() throws(EvaluationError) -> RunHeader {
    guard exists else { throw .notARun(path: url.path) }
    let data = try contents(of: headerFile)
    do {
      let version = try JSONDecoder().decode(Versioned.self, from: data).version
      guard version == 1 else { throw EvaluationError.newerVersion(path: headerFile.path, version: version) }
      try NumberBounds.check(data, path: headerFile.path)
      return try JSONDecoder().decode(RunHeader.self, from: data)
    } catch let error as EvaluationError {
      throw error
    } catch {
      throw .invalidFile(path: headerFile.path, line: nil, reason: error.jsonReason)
    }
  }

  /// The records that count, in the order in which their jobs were first done.
  ///
  /// Throws `invalidFile` with the number of the first line that is no record, or that repeats one that did not fail.
  package func records() throws(EvaluationError) -> [Record] {
    var order: [Record.Key] = []
    var records: [Record.Key: Record] = [:]
    for (number, record) in try lines(of: recordsFile, as: Record.self) {
      if let chosen = record.selection?.chosen, let drafts = record.drafts, !drafts.indices.contains(chosen) {
        let reason = "it chose draft \(chosen) of \(drafts.count), counted from 0"
        throw .invalidFile(path: recordsFile.path, line: number, reason: reason)
      }
      if let earlier = records.updateValue(record, forKey: record.key) {
        guard earlier.grade == .failed else {
          let reason = "it repeats \(record.task) \(record.problem), row \(record.row), seed \(record.seed)"
          throw .invalidFile(path: recordsFile.path, line: number, reason: reason)
        }
      } else {
        order.append(record.key)
      }
    }
    return order.compactMap { records[$0] }
  }

  /// The calibrations that were done so far.
  package func calibrations() throws(EvaluationError) -> [Calibration] {
    try lines(of: calibrationsFile, as: Calibration.self).map(\.value)
  }

  private func contents(of file: URL) throws(EvaluationError) -> Data {
    do throws(FileFault) { return try OpenFile(file.path, O_RDONLY).contents() } catch {
      throw .invalidFile(path: file.path, line: nil, reason: error.reason)
    }
  }

  /// The lines of a file, with their numbers from 1; none if there is no file.
  private func lines<Line: Decodable>(
    of file: URL, as type: Line.Type
  ) throws(EvaluationError) -> [(number: Int, value: Line)] {
    guard FileManager.default.fileExists(atPath: file.path) else { return [] }
    let data = try contents(of: file)
    var lines: [(number: Int, value: Line)] = []
    let decoder = JSONDecoder()
    // What stands after the last newline is a line that was never finished.
    for (index, row) in data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
      .enumerated()
    {
      do {
        try NumberBounds.check(row, path: file.path, line: index + 1)
        lines.append((index + 1, try decoder.decode(type, from: row)))
      } catch let error as EvaluationError {
        throw error
      } catch {
        throw .invalidFile(path: file.path, line: index + 1, reason: error.jsonReason)
      }
    }
    return lines
  }
}

private struct Versioned: Decodable {
  let version: Int
}

extension Error {
  /// What is wrong with a piece of JSON, in a few words.
  var jsonReason: String {
    (self as? DecodingError)?.fault ?? systemReason
  }
}
