import Foundation
import Tandem
import TandemTasks

/// All that has to be equal for two rows to be compared on a task, as names and values.
///
/// The names are those of the plan. Whatever `RunConditions` may get besides is compared too: they are read from its
/// JSON, not listed here.
public struct ComparedConditions: Sendable, Hashable, Codable {
  public let values: [String: String]

  /// The conditions of `task` in a run, which has to have it.
  init(_ header: RunHeader, task: String) throws {
    let conditions = try JSONDecoder().decode(Setting.self, from: JSONEncoder().encode(header.plan.conditions))
    var values = Self.flattened(conditions, path: [])
    // The file counts, not how the user named it. A role that no row of a run needs is compared with nothing.
    values["small"] = header.small.map { "\($0.name) (\($0.fingerprint))" }
    values["large"] = header.large.map { "\($0.name) (\($0.fingerprint))" }
    if let choice = header.plan.tasks.first(where: { $0.title == task }) {
      values["prompt"] = choice.prompt.name
      values["extraction"] = choice.extraction.rawValue
      values["optionSeed"] = "\(choice.optionSeed)"
      values["perturbation"] = choice.perturbation?.rawValue
      values["objection"] = choice.objection.map { "\($0)" }
    }
    if let found = header.tasks.first(where: { $0.name == task }) {
      values["problems"] = "\(found.problems) (\(found.fingerprint))"
    }
    // The grader is a part of the program: another version may judge otherwise.
    values["grader"] = header.program
    self.values = values
  }

  private static func flattened(_ value: Setting, path: [String]) -> [String: String] {
    switch value {
    case .dictionary(let entries):
      entries.reduce(into: [:]) { all, entry in
        all.merge(flattened(entry.value, path: path + [entry.key])) { $1 }
      }
    case .text(let text): [path.joined(separator: "."): text]
    case .none: [:]
    default: [path.joined(separator: "."): "\(value)"]
    }
  }

  /// Prompt and answer extraction, in a few words.
  var question: String { [values["prompt"], values["extraction"]].compactMap(\.self).joined(separator: ", ") }

  /// The limits of decoding.
  var limits: String {
    var parts = [("thinking", "budget.thinkingTokens"), ("answer", "budget.answerTokens")].compactMap { name, key in
      values[key].map { "\(name) ≤ \($0)" }
    }
    if let seconds = values["budget.seconds"] { parts.append("≤ \(seconds) s") }
    return parts.joined(separator: ", ")
  }

  /// How tokens are sampled; settings that are off are left out.
  var sampling: String {
    let off = ["topK": "0", "topP": "1", "minP": "0", "repetitionPenalty": "1"]
    let names = [
      ("temperature", "temperature"), ("topP", "top-p"), ("topK", "top-k"), ("minP", "min-p"),
      ("repetitionPenalty", "repetition penalty"),
    ]
    return names.compactMap { key, name in
      guard let value = values["sampling.\(key)"], value != off[key] else { return nil }
      return "\(name) \(value)"
    }.joined(separator: ", ")
  }

  var grader: String { values["grader"] ?? "" }
}
