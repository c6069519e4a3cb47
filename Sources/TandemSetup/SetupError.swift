public import Tandem

/// What can be wrong with how a run is set up, before a model is loaded.
public enum SetupError: Error, Sendable, Hashable {
  /// No preset has this name.
  case unknownPreset(name: String, nearest: String?, known: [String])
  /// A strategy needs a model of this role, and no option names one.
  case modelMissing(role: Role)
  /// A server runs the model of this role, and no option names a file with its vocabulary.
  case tokenizerMissing(role: Role)
  /// More would be written at once than an engine has sequences for.
  case tooManySequences(needed: Int, most: Int)
  /// `name` is the option's path in a file, such as "limits.thinkingTokens".
  case invalidOption(name: String, reason: String)
  /// A file of options that can't be read.
  case invalidFile(path: String, reason: String)
}

extension SetupError: CustomStringConvertible {
  /// A bounded word for logs and metrics.
  public var code: String {
    switch self {
    case .unknownPreset: "unknown-preset"
    case .modelMissing: "model-missing"
    case .tokenizerMissing: "tokenizer-missing"
    case .tooManySequences: "too-many-sequences"
    case .invalidOption: "invalid-option"
    case .invalidFile: "invalid-file"
    }
  }

  /// What is wrong, and what would be right.
  public var description: String {
    switch self {
    case .unknownPreset(let name, let nearest, let known):
      "There is no preset called '\(name)'." + (nearest.map { " Did you mean \($0)?" } ?? "")
        + " Known: \(known.joined(separator: ", "))."
    case .modelMissing(let role):
      "The strategy needs a \(role.rawValue) model, and none is given."
    case .tokenizerMissing(let role):
      "A server runs the \(role.rawValue) model, and its vocabulary has to be in a file here: a GGUF file of the same family "
        + "is enough, with or without weights."
    case .tooManySequences(let needed, let most):
      "All that would be written at once takes \(needed) sequences of one model, and there can be \(most). "
        + "Solve fewer problems at once, or let each write fewer texts at once."
    case .invalidOption(let name, let reason):
      "\(name) \(reason)."
    case .invalidFile(let path, let reason):
      "\(path): \(reason)."
    }
  }
}
