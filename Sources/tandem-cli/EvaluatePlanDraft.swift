import ArgumentParser
import Foundation
import Tandem
import TandemEvaluation
import TandemModels
import TandemSupport
import Yams

/// A plan as its author writes it: all that is left out has a default.
struct PlanDraft: Decodable {
  var tasks: [TaskDraft]?
  var strategies: [RowDraft]?
  var preset: String?
  var small: String?
  var large: String?
  var seeds: [UInt64]?
  var limits: Limits?
  var sampling: Sampling?
  var contextSize: Int?
  var extendsContext: Bool?
  var thinkingFormat: String?
  var parallel: Int?
  var threads: Int?
  var gpuLayers: Int?
  var flashAttention: String?
  var deterministic: Bool?

  init() {}

  /// The names of its fields, by where they stand.
  private static let fields = [
    "": [
      "tasks", "strategies", "preset", "small", "large", "seeds", "limits", "sampling", "contextSize",
      "extendsContext", "thinkingFormat", "parallel", "threads", "gpuLayers", "flashAttention", "deterministic",
    ],
    "tasks": ["name", "label", "path", "problems", "prompt", "extraction", "optionSeed", "perturbation", "objection"],
    "strategies": ["strategy", "label", "settings", "matchShare", "small", "large"],
    "limits": [
      "thinkingTokens", "answerTokens", "seconds", "whenSpent", "landingTokens", "landingText", "answerPrefix",
    ],
    "small": roles, "large": roles,
    "sampling": ["temperature", "topK", "topP", "minP", "repetitionPenalty"],
  ]

  private static let roles = [
    "stopTemperature", "stopMeasure", "lora", "loraScale", "selector", "controlVector", "controlVectorScale", "draft",
    "draftMax",
  ]

  struct Limits: Decodable {
    var thinkingTokens: Int?
    var answerTokens: Int?
    var seconds: Double?
    var whenSpent: Budget.WhenSpent?
    var landingTokens: Int?
    var landingText: String?
    var answerPrefix: String?
  }

  struct Sampling: Decodable {
    var temperature: Float?
    var topK: Int?
    var topP: Float?
    var minP: Float?
    var repetitionPenalty: Float?
  }

  /// A task's name, or its name and more.
  struct TaskDraft: Decodable {
    var name: String
    var label: String?
    var path: String?
    var problems: Int?
    var prompt: String?
    var extraction: String?
    var optionSeed: UInt64?
    var perturbation: String?
    var objection: Bool?
  }

  /// A strategy's name, or its name and more.
  struct RowDraft: Decodable {
    var strategy: String
    var label: String?
    var settings: [String: Setting]?
    var matchShare: String?
    var small: RoleSettings?
    var large: RoleSettings?
  }
}

extension PlanDraft.TaskDraft {
  /// `NAME`, or `NAME=FILE`.
  init(flag: String) {
    let parts = flag.split(separator: "=", maxSplits: 1).map(String.init)
    self.init(name: parts.first ?? "", path: parts.count == 2 ? parts[1] : nil)
  }
}

extension PlanDraft {
  /// Reads a plan; throws with the place of what it can't be.
  init(file: String) throws {
    guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
      throw ModelError.fileNotFound(path: file, hint: nil)
    }
    let tree: Setting
    do { tree = try YAMLDecoder().decode(Setting.self, from: text) } catch {
      throw ValidationError("\(file) is not YAML: \(error)")
    }
    guard case .dictionary(var plan) = tree else { throw ValidationError("\(file) is not a plan: it has no 'tasks'.") }
    try Self.check(plan, "", file)
    for (list, key) in [("tasks", "name"), ("strategies", "strategy")] {
      guard case .list(let items) = plan[list] else { continue }
      plan[list] = .list(items.map { if case .text = $0 { .dictionary([key: $0]) } else { $0 } })
    }
    for (key, value) in plan where Self.fields[key] != nil {
      if case .dictionary(let entries) = value { try Self.check(entries, key, file) }
      guard case .list(let items) = value else { continue }
      for case .dictionary(let entries) in items {
        try Self.check(entries, key, file)
        for role in ["small", "large"] {
          if case .dictionary(let settings) = entries[role] { try Self.check(settings, role, file) }
        }
      }
    }
    do {
      self = try JSONDecoder().decode(Self.self, from: JSONEncoder().encode(Setting.dictionary(plan)))
    } catch let error as DecodingError {
      throw ValidationError("\(file): \(error.fault)")
    }
  }

  private static func check(_ entries: [String: Setting], _ place: String, _ file: String) throws {
    let known = fields[place] ?? []
    for key in entries.keys.sorted() where !known.contains(key) {
      let hint = known.nearest(to: key).map { " Did you mean '\($0)'?" } ?? ""
      let owner = place.isEmpty ? "a plan" : "'\(place)'"
      throw ValidationError("\(file): \(owner) takes no '\(key)'.\(hint) Known: \(known.joined(separator: ", ")).")
    }
  }
}
