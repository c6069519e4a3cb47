package import Tandem
package import TandemInference
package import TandemModels
package import TandemRewards
package import TandemSetup
package import TandemSupport
package import TandemTasks

// The errors of the targets that both programs use, on the command line.

extension EngineError: ReportableError {
  package var exitStatus: ExitStatus {
    switch self {
    case .modelNotFound: .notFound
    case .modelInvalid, .modelUnreadable, .adapterInvalid, .invalidState: .badInput
    case .invalidParameter, .unsupported: .wrongUsage
    case .busy: .tryAgain
    case .unreachable, .unauthorized, .refused, .badResponse: .unavailable
    case .contextFull, .templateFailed, .decodeFailed, .badLogits, .inexact, .sessionClosed: .failed
    }
  }

  package var property: String? { if case .invalidParameter(let name, _) = self { name } else { nil } }

  package var hint: String? {
    switch self {
    case .contextFull: "Use a larger --ctx-size, or a smaller budget."
    case .busy: "A larger --parallel makes room for more."
    case .invalidParameter("tokenizer", _): "Name it by --small-tokenizer or --large-tokenizer."
    case .unauthorized:
      "A key comes from the environment variable TANDEM_SERVER_KEY, from --server-key-env or from --server-key-file."
    case .inexact: "A larger --server-top lets a server report more tokens."
    default: nil
    }
  }
}

extension ReasoningError: ReportableError {
  package var exitStatus: ExitStatus {
    switch self {
    case .unknownStrategy, .unknownSetting, .invalidSetting, .missing: .wrongUsage
    case .invalidTrace, .unsuitable: .badInput
    case .busy, .queueFull: .tryAgain
    case .neverFits: .wrongUsage
    case .noRoom: .failed
    }
  }

  package var hint: String? {
    switch self {
    case .noRoom: "A larger --ctx-size holds more, a smaller --predict promises less."
    case .missing(let requirement, _, _) where requirement.hasPrefix("logits"):
      "The measure log-odds needs a bias only: --stop-measure log-odds, or --set measure=log-odds."
    default: nil
    }
  }

  package var property: String? { if case .invalidSetting(let name, _) = self { name } else { nil } }
}

extension ModelError: ReportableError {
  package var exitStatus: ExitStatus {
    switch self {
    case .unknownModel, .invalidReference, .invalidEndpoint, .builtIn, .termsNotAccepted: .wrongUsage
    case .onServer: .wrongUsage
    case .notInstalled, .incomplete, .fileNotFound, .notInStore, .resourceMissing, .notFound: .notFound
    case .checksumMismatch, .installedDiffers, .damaged, .unreadable, .cannotExport, .cannotMerge:
      .badInput
    case .offline, .unauthorized, .gated, .serverFailed, .unexpectedAnswer, .connectionFailed, .untrusted,
      .lengthMismatch, .packageFailed:
      .unavailable
    case .rateLimited: .tryAgain
    case .cancelled: .interrupted
    case .cannotConvert, .pythonMissing, .notWritable, .diskFull: .failed
    }
  }

  package var hint: String? {
    if case .termsNotAccepted = self { "To accept them, pull with --accept-terms." } else { nil }
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

  package var hint: String? {
    if case .fileNeeded(let task, _) = self { "Then give --task \(task)=FILE." } else { nil }
  }
}

extension RewardError: ReportableError {
  package var exitStatus: ExitStatus { .wrongUsage }
}

extension FileFault: ReportableError {
  package var exitStatus: ExitStatus { .failed }
}

extension SetupError: ReportableError {
  package var exitStatus: ExitStatus { if case .invalidFile = self { .badInput } else { .wrongUsage } }

  package var hint: String? {
    switch self {
    case .modelMissing(let role): "Name it by --\(role.rawValue), or a pair by --preset."
    case .tokenizerMissing(let role): "Name it by --\(role.rawValue)-tokenizer."
    default: nil
    }
  }

  package var message: String {
    // A flag has no group: "limits.thinkingTokens" is --reasoning-budget.
    guard case .invalidOption(let name, let reason) = self, let property = name.split(separator: ".").last else {
      return [description, hint].compactMap(\.self).joined(separator: " ")
    }
    return Flags.spelling("\(property) \(reason).", about: String(property))
  }
}
