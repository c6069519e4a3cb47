/// What can go wrong between a request and a model.
///
/// `description` is a sentence for people that says what would be right; `code` is a bounded word for logs and metrics.
public enum EngineError: Error, Sendable, Hashable {
  case modelNotFound(path: String)
  case modelUnreadable(path: String, reason: String)
  case modelInvalid(path: String, reason: String)
  case adapterInvalid(path: String, reason: String)
  /// The sequence does not fit in the window, or the engine has no cells left and nothing that would free some.
  case contextFull(needed: Int, capacity: Int)
  /// All sequences are taken, and as many callers wait as may.
  case busy(sequences: Int, waiting: Int)
  case invalidParameter(name: String, reason: String)
  case unsupported(capability: String, engine: String)
  case templateFailed(reason: String)
  case invalidState(reason: String)
  case decodeFailed(code: Int)
  /// A row of logits that no token can be drawn from.
  case badLogits(reason: String)
  case sessionClosed
}

extension EngineError: CustomStringConvertible {
  public var code: String {
    switch self {
    case .modelNotFound: "model-not-found"
    case .modelUnreadable: "model-unreadable"
    case .modelInvalid: "model-invalid"
    case .adapterInvalid: "adapter-invalid"
    case .contextFull: "context-full"
    case .busy: "busy"
    case .invalidParameter: "invalid-parameter"
    case .unsupported: "unsupported"
    case .templateFailed: "template-failed"
    case .invalidState: "invalid-state"
    case .decodeFailed: "decode-failed"
    case .badLogits: "bad-logits"
    case .sessionClosed: "session-closed"
    }
  }

  public var description: String {
    switch self {
    case .modelNotFound(let path):
      "There is no model file at \(path)."
    case .modelUnreadable(let path, let reason):
      "The model file \(path) can't be read: \(reason)."
    case .modelInvalid(let path, let reason):
      "\(path) is not a model that can be run: \(reason)."
    case .adapterInvalid(let path, let reason):
      "The adapter \(path) can't be used: \(reason)."
    case .contextFull(let needed, let capacity):
      "\(needed) tokens do not fit into a context of \(capacity). Use a larger --ctx-size, or a smaller budget."
    case .busy(let sequences, let waiting):
      "All \(sequences) sequences are in use and \(waiting) callers wait already. Try again, or use a larger --parallel."
    case .invalidParameter(let name, let reason):
      "\(name) \(reason)."
    case .unsupported(let capability, let engine):
      "\(engine) can't do this: \(capability)."
    case .templateFailed(let reason):
      "The model's chat template can't be rendered: \(reason)."
    case .invalidState(let reason):
      "This saved state can't be restored: \(reason)."
    case .decodeFailed(let code):
      "The engine failed to evaluate a batch (llama_decode returned \(code))."
    case .badLogits(let reason):
      "No token can be sampled: \(reason)."
    case .sessionClosed:
      "The session was closed."
    }
  }
}
