import TandemSupport

/// What can go wrong above the engine; errors of the engine pass through as they are.
public enum ReasoningError: Error, Sendable, Hashable {
  case unknownStrategy(name: String, nearest: String?)
  case unknownSetting(name: String, strategy: String, known: [String])
  case invalidSetting(name: String, reason: String)
  /// A strategy was given a pair that lacks something it needs.
  case missing(requirement: String, strategy: String, model: String)
  /// A model cannot be used as a strategy wants to.
  case unsuitable(model: String, reason: String)
  case invalidTrace(line: Int, reason: String)
  case busy

  static func invalid(_ name: String, _ reason: String) -> Self { .invalidSetting(name: name, reason: reason) }
}

extension ReasoningError: CustomStringConvertible {
  /// A bounded word for logs and metrics.
  public var code: String {
    switch self {
    case .unknownStrategy: "unknown-strategy"
    case .unknownSetting: "unknown-setting"
    case .invalidSetting: "invalid-setting"
    case .missing: "missing-capability"
    case .unsuitable: "unsuitable-model"
    case .invalidTrace: "invalid-trace"
    case .busy: "busy"
    }
  }

  public var description: String {
    switch self {
    case .unknownStrategy(let name, let nearest):
      "There is no strategy '\(name)'." + (nearest.map { " Did you mean '\($0)'?" } ?? "")
        + " Known: \(Strategies.all.map { $0.name }.joined(separator: ", "))."
    case .unknownSetting(let name, let strategy, let known):
      "The strategy \(strategy) has no setting '\(name)'."
        + (known.nearest(to: name).map { " Did you mean '\($0)'?" } ?? "")
        + (known.isEmpty ? " It has none." : " Known: \(known.joined(separator: ", ")).")
    case .invalidSetting(let name, let reason):
      "\(name) \(reason)."
    case .missing(let requirement, let strategy, let model):
      "The strategy \(strategy) needs \(requirement), and \(model) does not have it."
    case .unsuitable(let model, let reason):
      "\(model) can't be used for this: \(reason)."
    case .invalidTrace(let line, let reason):
      "Line \(line) of the trace can't be read: \(reason)."
    case .busy:
      "The session is still answering. Wait for it, or use another session."
    }
  }
}
