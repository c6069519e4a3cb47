import Foundation
import Tandem
import TandemSupport

/// The one writer of a run's folder.
actor RunLog {
  private let folder: RunFolder
  private let records: LineLog
  private let calibrations: LineLog

  /// Takes the run for this process, and removes the parts of files that a kill left in it.
  ///
  /// Throws `inUse`, `diskFull` or `notWritable`.
  init(_ folder: RunFolder) throws(EvaluationError) {
    self.folder = folder
    do {
      records = try LineLog(folder.recordsFile.path)
      calibrations = try LineLog(folder.calibrationsFile.path)
    } catch { throw EvaluationError(error) }
    folder.removeLeftovers()
  }

  /// Writes a trace, then the record that refers to it: a record's trace is always there.
  ///
  /// Throws `notWritable` if the run's folder was removed or renamed: nothing is created beside its records.
  func add(_ record: Record, _ trace: Trace?) throws(EvaluationError) {
    do {
      if let trace, let path = record.trace {
        try records.checkPlace()
        let file = folder.url.appending(path: path)
        try DurableFile.makeFolder(file.deletingLastPathComponent().path)
        try DurableFile.write(Data(trace.lines().utf8), to: file.path)
      }
      try records.append(record)
    } catch { throw EvaluationError(error) }
  }

  func add(_ calibration: Calibration) throws(EvaluationError) {
    do { try calibrations.append(calibration) } catch { throw EvaluationError(error) }
  }
}

extension RunFolder {
  /// Removes what a killed writer left: `*.partial` of `DurableFile`, and `.dat.nosync*` of Foundation, by which earlier
  /// versions wrote.
  fileprivate func removeLeftovers() {
    guard let files = FileManager.default.enumerator(at: url, includingPropertiesForKeys: nil) else { return }
    for case let file as URL in files
    where file.pathExtension == "partial" || file.lastPathComponent.hasPrefix(".dat.nosync") {
      try? FileManager.default.removeItem(at: file)
    }
  }
}
