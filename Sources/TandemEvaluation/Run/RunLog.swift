import Foundation
import Tandem

/// The one writer of a run's folder.
actor RunLog {
  private let folder: RunFolder
  private let records: LineLog
  private let calibrations: LineLog

  /// Takes the run for this process. Throws `inUse`, `notWritable`.
  init(_ folder: RunFolder) throws(EvaluationError) {
    self.folder = folder
    records = try LineLog(folder.recordsFile)
    calibrations = try LineLog(folder.calibrationsFile)
  }

  /// Writes a trace, then the record that refers to it: a record's trace is always there.
  func add(_ record: Record, _ trace: Trace?) throws(EvaluationError) {
    if let trace, let path = record.trace { try write(trace, to: folder.url.appending(path: path)) }
    try records.append(record)
  }

  func add(_ calibration: Calibration) throws(EvaluationError) { try calibrations.append(calibration) }

  private func write(_ trace: Trace, to file: URL) throws(EvaluationError) {
    do {
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      // Under its name only when it is whole.
      try Data(trace.lines().utf8).write(to: file, options: .atomic)
    } catch { throw .notWritable(file, error) }
  }
}
