import Hummingbird
import Tandem
import TandemInference
import TandemRewards
import TandemSupport

extension ServerError {
  /// The answer to whatever went wrong: the one table from errors of the library to what a client is told.
  package init(_ error: any Error) {
    switch error {
    case let error as ServerError: self = error
    case let error as ReasoningError: self.init(reasoning: error)
    case let error as EngineError: self.init(engine: error)
    case let error as RewardError: self = .invalid(error.description)
    case let error as DecodingError:
      self = .invalid("The body can't be read: \(error.fault).", code: "malformed")
    case is CancellationError:
      self.init(.serviceUnavailable, .server, "The request was cancelled.", code: "cancelled")
    default: self.init(.internalServerError, .server, "\(error)", code: "internal")
    }
  }

  private init(reasoning error: ReasoningError) {
    let message = error.description
    switch error {
    case .unknownStrategy: self = .invalid(message, "tandem.strategy", code: "unknown_strategy")
    case .unknownSetting(let name, _, _, _):
      self = .invalid(message, "tandem.settings.\(name)", code: "unknown_setting")
    case .invalidSetting(let name, _):
      self = .invalid(message, "tandem.settings.\(name)", code: "invalid_setting")
    case .missing, .unsuitable: self = .invalid(message, "model", code: error.code.underscored)
    case .busy: self.init(.tooManyRequests, .rateLimit, message, code: "busy", retryAfter: 1)
    case .queueFull: self.init(.tooManyRequests, .rateLimit, message, code: "queue_full", retryAfter: 1)
    case .neverFits: self = .invalid(message, "model", code: "never_fits")
    case .noRoom(_, let prompt, let answer, let window):
      self = .tooLong(needed: prompt, capacity: window, answer: answer)
    case .invalidTrace: self.init(.internalServerError, .server, message, code: error.code.underscored)
    }
  }

  private init(engine error: EngineError) {
    let message = error.description
    let code = error.code.underscored
    switch error {
    case .contextFull(let needed, let capacity): self = .tooLong(needed: needed, capacity: capacity)
    case .busy: self.init(.tooManyRequests, .rateLimit, message, code: code, retryAfter: 1)
    case .invalidParameter(let name, _): self = .invalid(message, name, code: code)
    case .unsupported: self = .invalid(message, code: code)
    case .templateFailed: self = .invalid(message, "messages", code: code)
    case .sessionClosed: self.init(.serviceUnavailable, .server, message, code: code)
    // The model's own server is at fault, not this one; where that is, is not told to clients.
    case .unreachable, .unauthorized, .refused, .badResponse:
      self.init(.badGateway, .server, "The server of a model does not answer as it should (\(error.code)).", code: code)
    case .modelNotFound, .modelUnreadable, .modelInvalid, .adapterInvalid, .invalidState, .decodeFailed, .badLogits,
      .inexact:
      self.init(.internalServerError, .server, message, code: code)
    }
  }

  /// A prompt that leaves no room for an answer. litellm looks for these words, langchain for others of them, and the
  /// rest for the code.
  package static func tooLong(needed: Int, capacity: Int, answer: Int? = nil) -> Self {
    .invalid(
      "The prompt is too long: this model's maximum context length is \(capacity) tokens, and the prompt has \(needed)"
        + (answer.map { ", to which the answer adds up to \($0)." } ?? "."), "messages",
      code: "context_length_exceeded")
  }
}

extension String {
  /// "context-full" as OpenAI spells codes.
  fileprivate var underscored: String { replacing("-", with: "_") }
}
