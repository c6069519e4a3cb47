import ArgumentParser
import Foundation
import Tandem
import TandemEvaluation
import TandemInference
import TandemLlama
import TandemModels
import TandemSupport
import TandemTasks

/// What is evaluated: from a file, from flags, or from a file that flags change.
struct EvaluatePlanOptions: ParsableArguments {
  @Option(help: ArgumentHelp("A plan in YAML; flags that are given come before it.", valueName: "file"))
  var plan: String?

  @Option(help: ArgumentHelp("A task, or a task and its file; may be repeated.", valueName: "name[=file]"))
  var task: [String] = []

  @Option(help: "How many problems of each task, from the first.") var problems: Int?
  @Option(help: "How questions are put: the name of a prompt. Default: each task's own.") var prompt: String?
  @Option(help: "How answers are found. Default: each task's own.") var extraction: String?

  @Option(
    help: "A strategy; may be repeated. Default: small-only, large-only and the preset's.")
  var strategy: [String] = []

  @Option(
    help: ArgumentHelp(
      "Add random-takeover with the share of large tokens that this strategy comes to; may be repeated.",
      valueName: "strategy"))
  var control: [String] = []

  @Option(
    name: [.customLong("set")],
    help: ArgumentHelp("Change a setting of a strategy; may be repeated.", valueName: "strategy.name=value"))
  var changes: [String] = []

  @Option(help: "The seeds, separated by commas. Default: that of --seed.") var seeds: String?
  @Option(help: "Problems at once. Default: 4.") var parallel: Int?

  /// Whether these say what to run.
  var isGiven: Bool {
    plan != nil || !task.isEmpty || problems != nil || prompt != nil || extraction != nil || !strategy.isEmpty
      || !control.isEmpty || !changes.isEmpty || seeds != nil || parallel != nil
  }

  /// The plan, complete: whatever is not given has the preset's value, or the default.
  func plan(_ models: ModelOptions, _ sampling: SamplingOptions) throws -> Plan {
    var draft = try plan.map { try PlanDraft(file: $0) } ?? PlanDraft()
    if !task.isEmpty { draft.tasks = task.map(PlanDraft.TaskDraft.init(flag:)) }
    if !strategy.isEmpty { draft.strategies = strategy.map { PlanDraft.RowDraft(strategy: $0) } }
    if models.preset != nil { (draft.small, draft.large) = (nil, nil) }
    draft.preset = models.preset ?? draft.preset
    draft.small = models.small ?? draft.small
    draft.large = models.large ?? draft.large
    // As everywhere, a model that is given takes the place of the preset's, which keeps its settings.
    let preset = try draft.preset.map { try Preset.named($0) } ?? (draft.small ?? draft.large == nil ? .nano : nil)
    let tasks = try makeTasks(draft)
    let rows = try makeRows(draft, preset)
    return Plan(
      tasks: tasks, rows: rows, seeds: try makeSeeds(draft, sampling),
      conditions: try PlanConditions(draft, preset, models, sampling, parallel: parallel).make(for: rows))
  }

  private func makeTasks(_ draft: PlanDraft) throws -> [Plan.TaskChoice] {
    guard let tasks = draft.tasks, !tasks.isEmpty else {
      throw ValidationError("What is to be evaluated? --task NAME, or --plan FILE.")
    }
    return try tasks.map { task in
      let entry = try BenchmarkEntry.named(task.name, hasFile: task.path != nil)
      return Plan.TaskChoice(
        name: task.name, label: task.label, path: task.path.map { URL(filePath: $0).standardizedFileURL.path },
        problems: problems ?? task.problems,
        prompt: try PromptTemplate.named(prompt ?? task.prompt ?? entry.prompt.name).name,
        extraction: try AnswerPolicy.named(extraction ?? task.extraction ?? entry.policy.rawValue).rawValue,
        optionSeed: task.optionSeed ?? 41,
        perturbation: try task.perturbation.map { try Perturbation.named($0).rawValue }, objection: task.objection)
    }
  }

  private func makeRows(_ draft: PlanDraft, _ preset: Preset?) throws -> [Plan.Row] {
    let defaults = [SmallOnly.name, LargeOnly.name, preset?.strategy ?? SpeculativeThinking.name]
    var rows = try (draft.strategies ?? defaults.map { PlanDraft.RowDraft(strategy: $0) }).map { row in
      var settings: [String: Setting] = [:]
      if let preset, preset.strategy == row.strategy { settings = preset.settings.mapValues { Setting($0) } }
      settings.merge(try Strategies.named(row.strategy).translate(row.settings ?? [:])) { $1 }
      let label = row.label ?? row.matchShare.map { "\(row.strategy) like \($0)" } ?? row.strategy
      return Plan.Row(
        label: label, strategy: row.strategy, settings: settings, matchShare: row.matchShare,
        small: try row.small?.located,
        large: try row.large?.located)
    }
    for target in control {
      let name = RandomTakeover.name
      rows.append(Plan.Row(label: "\(name) like \(target)", strategy: name, matchShare: target))
    }
    for change in changes {
      // A label may have dots and spaces; the name of a setting has none.
      guard let match = change.wholeMatch(of: /(.+)\.([A-Za-z_]+)=(.*)/) else {
        throw ValidationError("--set takes strategy.name=value, not '\(change)'.")
      }
      guard let index = rows.firstIndex(where: { $0.label == match.1 }) else {
        let hint = rows.map(\.label).nearest(to: String(match.1)).map { " Did you mean '\($0)'?" } ?? ""
        throw ValidationError("--set \(change): there is no strategy '\(match.1)' in this run.\(hint)")
      }
      rows[index].settings[String(match.2)] = try Setting(flag: String(match.3), of: String(match.2))
    }
    return rows
  }

  private func makeSeeds(_ draft: PlanDraft, _ sampling: SamplingOptions) throws -> [UInt64] {
    guard let seeds else { return sampling.seed == 0 ? draft.seeds ?? [0] : [sampling.seed] }
    guard sampling.seed == 0 else { throw ValidationError("--seed gives one seed, --seeds several: leave one out.") }
    let parts = seeds.split(separator: ",", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { UInt64($0.trimmingCharacters(in: .whitespaces)) }
    guard numbers.count == parts.count else {
      throw ValidationError("--seeds takes numbers separated by commas, not '\(seeds)'.")
    }
    return numbers
  }
}
