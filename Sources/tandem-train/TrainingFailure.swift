import TandemCommandLine
import TandemTraining

extension TrainingError: ReportableError {
  var exitStatus: ExitStatus {
    switch self {
    case .fileUnreadable: .notFound
    case .fileInvalid, .parameterMissing, .parameterShape, .invalidDocument: .badInput
    case .invalidOption, .reward, .unrewardable, .checkpointMismatch: .wrongUsage
    case .operation, .fileUnwritable, .diverged: .failed
    }
  }

  var property: String? { if case .invalidOption(let name, _) = self { name } else { nil } }
}

extension ReinforcementError: ReportableError {
  var exitStatus: ExitStatus { .failed }
}
