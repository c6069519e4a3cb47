import ArgumentParser
import Foundation
import Synchronization
import Tandem
import TandemEvaluation
import TandemInference
import TandemModels
import TandemRewards
import TandemSupport
import TandemTasks
import TandemTraining

/// An error as a sentence for people and a status for scripts.
struct Failure {
  let message: String
  let status: Int32

  init(_ error: any Error) {
    switch error {
    case let error as EngineError: (message, status) = (error.description, Self.status(error))
    case let error as ReasoningError: (message, status) = (error.description, Self.status(error))
    case let error as ModelError: (message, status) = (error.description, Self.status(error))
    case let error as TaskError: (message, status) = (error.description, error.status)
    case let error as EvaluationError: (message, status) = (error.description, error.status)
    case let error as ReportError: (message, status) = (error.description, error.status)
    case let error as TrainingError: (message, status) = (error.description, Self.status(error))
    case let error as RewardError: (message, status) = (error.description, 64)
    case let error as FileFault: (message, status) = ("\(error.path) can't be written: \(error.reason).", 1)
    case let error as ReinforcementError: (message, status) = (error.description, 1)
    case is CancellationError: (message, status) = ("Interrupted.", 130)
    default:
      // ArgumentParser's own: help, version, validation, exit codes.
      (message, status) = (Tandem.fullMessage(for: error), Tandem.exitCode(for: error).rawValue)
    }
  }

  func exit() -> Never {
    if !message.isEmpty {
      let isHelp = status == 0
      let text = isHelp || message.hasPrefix("Error:") ? message : "Error: \(message)"
      Console.write(text + "\n", to: isHelp ? .standardOutput : .standardError)
    }
    Foundation.exit(status)
  }

  private static func status(_ error: EngineError) -> Int32 {
    switch error {
    case .modelNotFound: 66
    case .modelInvalid, .modelUnreadable, .adapterInvalid, .invalidState: 65
    case .invalidParameter, .unsupported: 64
    case .busy: 75
    case .contextFull, .templateFailed, .decodeFailed, .badLogits, .sessionClosed: 1
    }
  }

  private static func status(_ error: TrainingError) -> Int32 {
    switch error {
    case .fileUnreadable: 66
    case .fileInvalid, .parameterMissing, .parameterShape, .invalidDocument: 65
    case .invalidOption, .reward, .unrewardable, .checkpointMismatch: 64
    case .operation, .fileUnwritable, .diverged: 1
    }
  }

  private static func status(_ error: ReasoningError) -> Int32 {
    switch error {
    case .unknownStrategy, .unknownSetting, .invalidSetting, .missing: 64
    case .invalidTrace, .unsuitable: 65
    case .busy: 75
    }
  }

  private static func status(_ error: ModelError) -> Int32 {
    switch error {
    case .unknownModel, .unknownPreset, .invalidReference, .invalidEndpoint, .builtIn, .termsNotAccepted: 64
    case .notInstalled, .fileNotFound, .notInStore, .resourceMissing, .notFound: 66
    case .checksumMismatch, .installedDiffers: 65
    case .unauthorized, .gated, .serverFailed, .unexpectedAnswer, .connectionFailed, .untrusted, .lengthMismatch,
      .packageFailed:
      69
    case .rateLimited: 75
    case .cancelled: 130
    case .cannotConvert, .pythonMissing, .notWritable, .diskFull: 1
    }
  }
}

/// A number that several threads count up.
final class Counter: Sendable {
  private let count = Mutex(0)

  var value: Int { count.withLock { $0 } }

  @discardableResult
  func next() -> Int {
    count.withLock {
      $0 += 1
      return $0
    }
  }
}
