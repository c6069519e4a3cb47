import FoundationEssentials
import TandemSupport

/// What can go wrong around a run; errors of models and tasks pass through as they are.
package enum EvaluationError: Error, Sendable, Hashable {
  /// The folder already has a run, which was not to be resumed.
  case runExists(path: String)
  case notARun(path: String)
  /// A file of a run, or a plan, that can't be read; `line` counts from 1.
  case invalidFile(path: String, line: Int?, reason: String)
  case newerVersion(path: String, version: Int)
  /// A plan that can't be run.
  case invalidPlan(reason: String)
  /// A run is resumed under other conditions than it was begun with.
  case planDiffers(path: String, differences: [String])
  /// A row could not be brought to another one's share.
  case notCalibrated(task: String, row: String, reason: String)
  /// A run has nothing from which a threshold could be found.
  case noThreshold(reason: String)
  /// Another process is writing this run.
  case inUse(path: String)
  case diskFull(path: String)
  case notWritable(path: String, reason: String)
}

extension EvaluationError {
  /// - Parameter error: What writing a file of a run threw.
  init(_ error: any Error) {
    switch error {
    case FileFault.locked(let path): self = .inUse(path: URL(filePath: path).deletingLastPathComponent().path)
    case let fault as FileFault where fault.isDiskFull: self = .diskFull(path: fault.path)
    case let fault as FileFault: self = .notWritable(path: fault.path, reason: fault.reason)
    default: self = .notWritable(path: "A file of the run", reason: "\(error)".clause)
    }
  }
}

extension EvaluationError: CustomStringConvertible {
  /// A bounded word for logs and metrics.
  package var code: String {
    switch self {
    case .runExists: "run-exists"
    case .notARun: "not-a-run"
    case .invalidFile: "invalid-file"
    case .newerVersion: "newer-version"
    case .invalidPlan: "invalid-plan"
    case .planDiffers: "plan-differs"
    case .notCalibrated: "not-calibrated"
    case .noThreshold: "no-threshold"
    case .inUse: "in-use"
    case .diskFull: "disk-full"
    case .notWritable: "not-writable"
    }
  }

  package var description: String {
    switch self {
    case .runExists(let path):
      "\(path) already contains a run."
    case .notARun(let path):
      "There is no run in \(path): it has no plan.json."
    case .invalidFile(let path, let line, let reason):
      (line.map { "Line \($0) of \(path)" } ?? path) + " can't be read: \(reason)."
    case .newerVersion(let path, let version):
      "\(path) has version \(version), and this program reads version 1."
    case .invalidPlan(let reason):
      "The plan can't be run: \(reason)."
    case .planDiffers(let path, let differences):
      "The run in \(path) was started with different settings: \(differences.joined(separator: "; "))."
        + " Leave these out to resume it, or choose another folder."
    case .notCalibrated(let task, let row, let reason):
      "\(row) can't be calibrated on \(task): \(reason)."
    case .noThreshold(let reason):
      "No threshold can be found: \(reason)."
    case .inUse(let path):
      "Another process is writing the run in \(path). Wait for it, or stop it."
    case .diskFull(let path):
      "The disk is full: \(path) could not be written. What was recorded is safe; make room and resume the run."
    case .notWritable(let path, let reason):
      "\(path) can't be written: \(reason)."
    }
  }
}
