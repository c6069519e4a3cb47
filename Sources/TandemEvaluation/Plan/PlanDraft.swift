import Foundation
package import Tandem
package import TandemSetup
import TandemSupport
package import TandemTasks

/// A plan as its author writes it, in YAML: all that is left out has a default. Its options stand beside its tasks.
package struct PlanDraft: Sendable, Hashable {
  /// What is solved; nil if nothing was said.
  package var tasks: [TaskDraft]?
  /// The strategies; nil for both models alone and the preset's.
  package var rows: [RowDraft]?
  /// How all of them are run.
  package var options: RunOptions
  /// The name of the paper whose figures its rows repeat; nothing of a run depends on it. See `Paper`.
  package var paper: String?
  /// What its servers do in a second and cost in an hour; nothing of a run depends on it.
  package var estimate: EstimateDraft?

  package init(
    tasks: [TaskDraft]? = nil, rows: [RowDraft]? = nil, options: RunOptions = RunOptions(), paper: String? = nil,
    estimate: EstimateDraft? = nil
  ) {
    self.tasks = tasks
    self.rows = rows
    self.options = options
    self.paper = paper
    self.estimate = estimate
  }

  /// Reads a plan.
  ///
  /// Throws `ModelError.fileNotFound`, or `SetupError.invalidFile` with the place of what is wrong.
  package init(file path: String) throws {
    self = try OptionFile(path).options(kind: "a plan")
    do {
      try options.validate()
      for settings in (rows ?? []).flatMap({ [$0.small, $0.large] }) { try settings?.validate() }
      try estimate?.validate()
    } catch { throw SetupError.invalidFile(path: path, reason: "\(error)".clause) }
  }

  /// A task, and how it is asked: what is left out is the task's own.
  package struct TaskDraft: Sendable, Hashable, Codable {
    package var name: String
    package var label: String?
    package var path: String?
    package var problems: Int?
    package var prompt: PromptTemplate?
    package var extraction: AnswerPolicy?
    package var optionSeed: UInt64?
    package var perturbation: Perturbation?
    package var objection: Bool?

    package init(name: String, path: String? = nil, problems: Int? = nil) {
      self.name = name
      self.path = path
      self.problems = problems
    }

    package enum CodingKeys: String, CodingKey, CaseIterable {
      case name, label, path, problems, prompt, extraction, optionSeed, perturbation, objection
    }
  }

  /// A strategy, its settings, and how it uses the models.
  package struct RowDraft: Sendable, Hashable, Codable {
    package var strategy: String
    package var label: String?
    package var settings: [String: Setting]?
    package var matchShare: String?
    package var small: RoleSettings?
    package var large: RoleSettings?

    package init(strategy: String, label: String? = nil, settings: [String: Setting]? = nil, matchShare: String? = nil)
    {
      self.strategy = strategy
      self.label = label
      self.settings = settings
      self.matchShare = matchShare
    }

    package enum CodingKeys: String, CodingKey, CaseIterable {
      case strategy, label, settings, matchShare, small, large
    }

    /// What the report calls it.
    package var title: String { label ?? matchShare.map { "\(strategy) like \($0)" } ?? strategy }
  }
}

extension PlanDraft: Decodable {
  package enum CodingKeys: String, CodingKey, CaseIterable {
    case tasks
    case rows = "strategies"
    case paper, estimate
  }

  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      tasks: try values.decodeIfPresent([TaskDraft].self, forKey: .tasks),
      rows: try values.decodeIfPresent([RowDraft].self, forKey: .rows), options: try RunOptions(from: decoder),
      paper: try values.decodeIfPresent(String.self, forKey: .paper),
      estimate: try values.decodeIfPresent(EstimateDraft.self, forKey: .estimate))
  }
}

extension PlanDraft: OptionKeys {
  package static let keys = CodingKeys.allCases.map(\.stringValue) + RunOptions.keys
  package static let groups: [String: any OptionKeys.Type] = RunOptions.groups.merging([
    CodingKeys.tasks.stringValue: TaskDraft.self, CodingKeys.rows.stringValue: RowDraft.self,
    CodingKeys.estimate.stringValue: EstimateDraft.self,
  ]) { $1 }
  package static let words = RunOptions.words.merging([CodingKeys.paper.stringValue: Paper.all.map(\.name)]) { $1 }
}

extension PlanDraft.TaskDraft: OptionKeys {
  package static let shorthand: String? = CodingKeys.name.stringValue
  package static let words = [
    CodingKeys.prompt.stringValue: PromptTemplate.all.map(\.name),
    CodingKeys.extraction.stringValue: AnswerPolicy.allCases.map(\.rawValue),
    CodingKeys.perturbation.stringValue: Perturbation.allCases.map(\.rawValue),
  ]
}

extension PlanDraft.RowDraft: OptionKeys {
  package static let shorthand: String? = CodingKeys.strategy.stringValue
  package static let groups: [String: any OptionKeys.Type] = [
    CodingKeys.small.stringValue: RoleSettings.self, CodingKeys.large.stringValue: RoleSettings.self,
  ]
}
