/// What can go wrong above the engine; errors of the engine pass through as they are.
public enum ReasoningError: Error, Sendable, Hashable {
  /// No strategy has this name.
  case unknownStrategy(name: String, nearest: String?)
  /// The strategy has no setting of this name.
  case unknownSetting(name: String, strategy: String, nearest: String?, known: [String])
  /// A setting, or a property of a budget or a participant, has a value that it does not accept. `reason` follows the
  /// name in a sentence.
  case invalidSetting(name: String, reason: String)
  /// The pair lacks something that the strategy needs.
  case missing(requirement: String, strategy: String, model: String)
  /// A model cannot do what a strategy asks of it.
  case unsuitable(model: String, reason: String)
  /// A prompt, with what the strategy inserts, and the answer of a run do not fit into a model's window.
  case noRoom(model: String, prompt: Int, answer: Int, window: Int)
  /// A line of a trace is not an event. Lines are counted from 1.
  case invalidTrace(line: Int, reason: String)
  /// A session is asked for a response while it is making another.
  case busy
  /// A run would have to wait for places, and as many as may wait already.
  case queueFull(waiting: Int)
  /// A run needs more sequences of a model than the gate has places.
  case neverFits(role: Role, needed: Int, places: Int)
}

extension ReasoningError: CustomStringConvertible {
  /// One of a few words, for logs and metrics.
  public var code: String {
    switch self {
    case .unknownStrategy: "unknown-strategy"
    case .unknownSetting: "unknown-setting"
    case .invalidSetting: "invalid-setting"
    case .missing: "missing-capability"
    case .unsuitable: "unsuitable-model"
    case .noRoom: "context-full"
    case .invalidTrace: "invalid-trace"
    case .busy: "busy"
    case .queueFull: "queue-full"
    case .neverFits: "never-fits"
    }
  }

  /// The error as a sentence.
  public var description: String {
    switch self {
    case .unknownStrategy(let name, let nearest):
      "There is no strategy '\(name)'." + (nearest.map { " Did you mean '\($0)'?" } ?? "")
        + " Known: \(Strategies.all.map { $0.name }.joined(separator: ", "))."
    case .unknownSetting(let name, let strategy, let nearest, let known):
      known.isEmpty
        ? "\(strategy) has no setting '\(name)'; it has no settings."
        : "\(strategy) has no setting '\(name)'." + (nearest.map { " Did you mean '\($0)'?" } ?? "")
          + " Known: \(known.joined(separator: ", "))."
    case .invalidSetting(let name, let reason):
      "\(name) \(reason)."
    case .missing(let requirement, let strategy, let model):
      "The strategy \(strategy) needs \(requirement), and \(model) does not have it."
    case .unsuitable(let model, let reason):
      "\(model) can't be used for this: \(reason)."
    case .noRoom(let model, let prompt, let answer, let window):
      "The prompt is too long: it has \(prompt) tokens, the answer is promised \(answer), and \(model) holds \(window). "
        + "Shorten the prompt, or allow a shorter answer."
    case .invalidTrace(let line, let reason):
      "Line \(line) of the trace can't be read: \(reason)."
    case .busy:
      "The session is still answering. Wait for it, or use another session."
    case .queueFull(let waiting):
      "All places are taken, and \(waiting) runs wait already. Try again later."
    case .neverFits(let role, let needed, let places):
      "The run needs \(needed) sequences of the \(role.rawValue) model, and there are \(places). Use settings that write "
        + "less at once, or load the model with more sequences."
    }
  }
}
