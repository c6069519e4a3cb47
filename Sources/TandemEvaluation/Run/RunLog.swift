import Foundation
import Tandem
import TandemSupport

/// The one writer of a run's folder.
actor RunLog {
  private let folder: RunFolder
  private let records: LineLog
  private let calibrations: LineLog

  /// Takes the run for this process. Throws `inUse`, `notWritable`.
  init(_ folder: RunFolder) throws(EvaluationError) {
    self.folder = folder
    do {
      records = try LineLog(folder.recordsFile.path)
      calibrations = try LineLog(folder.calibrationsFile.path)
    } catch { throw EvaluationError(error) }
  }

  /// Writes a trace, then the record that refers to it: a record's trace is always there.
  func add(_ record: Record, _ trace: Trace?) throws(EvaluationError) {
    if let trace, let path = record.trace { try write(trace, to: folder.url.appending(path: path)) }
    try append(record, to: records)
  }

  func add(_ calibration: Calibration) throws(EvaluationError) {
    try append(calibration, to: calibrations)
  }

  private func append(_ line: some Encodable, to log: LineLog) throws(EvaluationError) {
    do { try log.append(line) } catch { throw EvaluationError(error) }
  }

  private func write(_ trace: Trace, to file: URL) throws(EvaluationError) {
    do {
      try DurableFile.makeFolder(file.deletingLastPathComponent().path)
      try DurableFile.write(Data(trace.lines().utf8), to: file.path)
    } catch { throw EvaluationError(error) }
  }
}
