/// What can go wrong between a request and a model.
///
/// `description` is a sentence for people that says what would be right; `code` is a bounded word for logs and metrics.
public enum EngineError: Error, Sendable, Hashable {
  /// There is no such file.
  case modelNotFound(path: String)
  /// The file can't be opened or read.
  case modelUnreadable(path: String, reason: String)
  /// The file is no model, or none that this engine can run.
  case modelInvalid(path: String, reason: String)
  /// The file is no adapter, or none for this model.
  case adapterInvalid(path: String, reason: String)
  /// The sequence does not fit in the window, or the engine has no cells left and nothing that would free some.
  case contextFull(needed: Int, capacity: Int)
  /// All sequences are in use, and as many callers wait as may.
  case busy(sequences: Int, waiting: Int)
  /// A parameter is out of range, or does not fit the others.
  case invalidParameter(name: String, reason: String)
  /// The engine, or this model in it, lacks a capability.
  case unsupported(capability: String, engine: String)
  /// The chat template can't be parsed, or fails.
  case templateFailed(reason: String)
  /// A saved state is damaged, or belongs to another model or adapter.
  case invalidState(reason: String)
  /// The engine could not evaluate a batch.
  case decodeFailed(code: Int)
  /// A row of logits that no token can be sampled from.
  case badLogits(reason: String)
  /// A decision needs a number that the engine does not know well enough.
  case inexact(quantity: String, known: Measured, needed: String)
  /// A server can't be reached, or its connection broke.
  case unreachable(server: String, reason: String)
  /// A server wants a key, or another one.
  case unauthorized(server: String)
  /// A server refused a call.
  case refused(server: String, status: Int, reason: String)
  /// A server answered with something that can't be right.
  case badResponse(server: String, reason: String)
  /// The session, or its engine, was closed.
  case sessionClosed
}

extension EngineError: CustomStringConvertible {
  /// A word for logs and metrics; never changes.
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
    case .inexact: "inexact"
    case .unreachable: "unreachable"
    case .unauthorized: "unauthorized"
    case .refused: "refused"
    case .badResponse: "bad-response"
    case .sessionClosed: "session-closed"
    }
  }

  /// A sentence: what is wrong, and what would be right.
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
      "\(needed) tokens do not fit into a context of \(capacity)."
    case .busy(let sequences, let waiting):
      "All \(sequences) sequences are in use and \(waiting) callers wait already. Try again later."
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
    case .inexact(let quantity, let known, let needed):
      "The \(quantity) is \(known == .unknown ? "unknown" : "only known to lie \(known)"), and must \(needed). "
        + "Use an engine that computes whole distributions, or let the server report more of the likeliest tokens."
    case .unreachable(let server, let reason):
      "The server \(server) can't be reached: \(reason)."
    case .unauthorized(let server):
      "The server \(server) does not accept the key, or wants one."
    case .refused(let server, let status, let reason):
      "The server \(server) refused the call (\(status)): \(reason)."
    case .badResponse(let server, let reason):
      "The server \(server) answered with something unexpected: \(reason)."
    case .sessionClosed:
      "The session was closed."
    }
  }
}
