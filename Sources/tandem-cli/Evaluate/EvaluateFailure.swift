import TandemCommandLine
import TandemEvaluation

extension EvaluationError: ReportableError {
  var exitStatus: ExitStatus {
    switch self {
    case .runExists, .invalidPlan, .planDiffers: .wrongUsage
    case .invalidFile, .newerVersion: .badInput
    case .notARun: .notFound
    case .inUse: .tryAgain
    case .notCalibrated, .noThreshold, .diskFull, .notWritable: .failed
    }
  }

  var hint: String? {
    switch self {
    case .runExists: "Continue it with --resume, or choose another folder."
    case .diskFull: "To resume it, add --resume."
    default: nil
    }
  }
}

extension ReportError: ReportableError {
  var exitStatus: ExitStatus {
    switch self {
    case .unknownBaseline, .unknownPaper, .invalidPrice, .notComparable, .repeatedJob: .wrongUsage
    case .strayRecord: .badInput
    case .emptyRun: .notFound
    }
  }

  var hint: String? {
    switch self {
    case .emptyRun(let path): "Continue it: tandem evaluate --output \(path) --resume."
    case .notComparable, .repeatedJob: "To allow them, add --allow-different."
    default: nil
    }
  }
}
