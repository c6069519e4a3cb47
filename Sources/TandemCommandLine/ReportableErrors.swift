package import Tandem
package import TandemInference
package import TandemModels
package import TandemRewards
package import TandemSupport
package import TandemTasks

// The errors of the targets that both programs use.

extension EngineError: ReportableError {
  package var exitStatus: ExitStatus {
    switch self {
    case .modelNotFound: .notFound
    case .modelInvalid, .modelUnreadable, .adapterInvalid, .invalidState: .badInput
    case .invalidParameter, .unsupported: .wrongUsage
    case .busy: .tryAgain
    case .contextFull, .templateFailed, .decodeFailed, .badLogits, .inexact, .sessionClosed: .failed
    }
  }
}

extension ReasoningError: ReportableError {
  package var exitStatus: ExitStatus {
    switch self {
    case .unknownStrategy, .unknownSetting, .invalidSetting, .missing: .wrongUsage
    case .invalidTrace, .unsuitable: .badInput
    case .busy: .tryAgain
    }
  }
}

extension ModelError: ReportableError {
  package var exitStatus: ExitStatus {
    switch self {
    case .unknownModel, .unknownPreset, .invalidReference, .invalidEndpoint, .builtIn, .termsNotAccepted: .wrongUsage
    case .notInstalled, .incomplete, .fileNotFound, .notInStore, .resourceMissing, .notFound: .notFound
    case .checksumMismatch, .installedDiffers, .damaged: .badInput
    case .offline, .unauthorized, .gated, .serverFailed, .unexpectedAnswer, .connectionFailed, .untrusted,
      .lengthMismatch, .packageFailed:
      .unavailable
    case .rateLimited: .tryAgain
    case .cancelled: .interrupted
    case .cannotConvert, .pythonMissing, .notWritable, .diskFull: .failed
    }
  }
}

extension TaskError: ReportableError {
  package var exitStatus: ExitStatus {
    switch self {
    case .unknownName: .wrongUsage
    case .invalidLine, .invalidFile: .badInput
    case .fileNeeded, .fileNotFound, .resourceMissing: .notFound
    }
  }
}

extension RewardError: ReportableError {
  package var exitStatus: ExitStatus { .wrongUsage }
}

extension FileFault: ReportableError {
  package var exitStatus: ExitStatus { .failed }
}
