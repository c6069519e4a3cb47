import Tandem
import TandemSupport

/// What can go wrong between a task's name and its problems.
public enum TaskError: Error, Sendable, Hashable {
  /// There is no such task, prompt or policy.
  case unknownName(kind: String, name: String, known: [String])
  /// A task whose problems Tandem may not carry; `instructions` say how to get them.
  case fileNeeded(task: String, instructions: String)
  case fileNotFound(path: String)
  /// `line` counts from 1.
  case invalidLine(path: String, line: Int, reason: String)
  case invalidFile(path: String, reason: String)
  case resourceMissing(name: String, searched: [String])
}

extension TaskError: CustomStringConvertible {
  /// A bounded word for logs and metrics.
  public var code: String {
    switch self {
    case .unknownName: "unknown-name"
    case .fileNeeded: "file-needed"
    case .fileNotFound: "file-not-found"
    case .invalidLine: "invalid-line"
    case .invalidFile: "invalid-file"
    case .resourceMissing: "resource-missing"
    }
  }

  public var description: String {
    switch self {
    case .unknownName(let kind, let name, let known):
      "There is no \(kind) '\(name)'." + (known.nearest(to: name).map { " Did you mean '\($0)'?" } ?? "")
        + " Known: \(known.joined(separator: ", "))."
    case .fileNeeded(let task, let instructions):
      "The problems of \(task) do not come with Tandem. \(instructions)"
    case .fileNotFound(let path):
      "There is no file of problems at \(path)."
    case .invalidLine(let path, let line, let reason):
      "Line \(line) of \(path) is not a problem: \(reason)."
    case .invalidFile(let path, let reason):
      "\(path) is not a file of problems: \(reason)."
    case .resourceMissing(let name, let searched):
      "Tandem's own file \(name) is not where it should be. Searched: \(searched.joined(separator: ", "))."
        + " Set TANDEM_RESOURCES to the folder that has it."
    }
  }
}
