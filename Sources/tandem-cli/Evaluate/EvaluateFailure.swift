import TandemCommandLine
import TandemEvaluation

extension EvaluationError: ReportableError {
  var exitStatus: ExitStatus {
    switch self {
    case .runExists, .invalidPlan, .planDiffers: .wrongUsage
    case .invalidFile, .newerVersion: .badInput
    case .notARun: .notFound
    case .inUse: .tryAgain
    case .notCalibrated, .diskFull, .notWritable: .failed
    }
  }
}

extension ReportError: ReportableError {
  var exitStatus: ExitStatus {
    switch self {
    case .unknownBaseline, .invalidPrice, .notComparable, .repeatedJob: .wrongUsage
    case .strayRecord: .badInput
    case .emptyRun: .notFound
    }
  }
}
