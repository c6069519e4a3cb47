import TandemEvaluation
import TandemTasks

extension EvaluationError {
  /// The exit status for scripts: see `tandem help`.
  var status: Int32 {
    switch self {
    case .runExists, .invalidPlan, .planDiffers: 64
    case .invalidFile, .newerVersion: 65
    case .notARun: 66
    case .inUse: 75
    case .notCalibrated, .diskFull, .notWritable: 1
    }
  }
}

extension TaskError {
  /// The exit status for scripts: see `tandem help`.
  var status: Int32 {
    switch self {
    case .unknownName: 64
    case .invalidLine, .invalidFile: 65
    case .fileNeeded, .fileNotFound, .resourceMissing: 66
    }
  }
}
