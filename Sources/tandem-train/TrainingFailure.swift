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
}

extension ReinforcementError: ReportableError {
  var exitStatus: ExitStatus { .failed }
}
