import ArgumentParser
import Foundation
import Tandem
import TandemEvaluation
import TandemSetup
import TandemSupport
import TandemTasks

/// What is evaluated: from a file, from flags, or from a file that flags change.
struct EvaluatePlanOptions: ParsableArguments {
  @Option(help: ArgumentHelp("A plan in YAML. Flags that are given win over it.", valueName: "file"))
  var plan: String?

  @Option(help: ArgumentHelp("A task, or a task and its file. May be repeated.", valueName: "name[=file]"))
  var task: [String] = []

  @Option(help: "Run only this many problems of each task, from the first. Default: all.") var problems: Int?
  @Option(
    help: "The prompt of the questions. Default: each task's own.",
    transform: { try PromptTemplate.named($0) })
  var prompt: PromptTemplate?
  @Option(help: "How answers are extracted. Default: each task's own.", transform: { try AnswerPolicy.named($0) })
  var extraction: AnswerPolicy?

  @Option(
    help: "A strategy. May be repeated. Default: small-only, large-only and the preset's.")
  var strategy: [String] = []

  @Option(
    help: ArgumentHelp(
      "Add random-takeover with this strategy's share of large-model tokens. May be repeated.",
      valueName: "strategy"))
  var control: [String] = []

  @Option(
    name: [.customLong("set")],
    help: ArgumentHelp("Change a setting of a strategy. May be repeated.", valueName: "strategy.name=value"))
  var changes: [String] = []

  @Option(help: "The seeds, separated by commas. Default: that of --seed.") var seeds: String?
  @Option(help: "Problems solved at the same time. Default: 4.") var parallel: Int?

  /// A plan's draft with these flags over it.
  ///
  /// - Parameters:
  ///   - begun: The plan of a run that is resumed; used if no plan is given.
  ///   - given: What the flags of models, sampling and limits say.
  func draft(resuming begun: Plan? = nil, _ given: RunOptions) throws -> PlanDraft {
    let below = try plan.map { try PlanDraft(file: $0) }
    var draft = below ?? begun.map(PlanDraft.init) ?? PlanDraft()
    // A task or a strategy of the run that is only named is the run's own.
    let known = below == nil && begun != nil ? draft : PlanDraft()
    draft.options = try own.merging(over: given).merging(over: draft.options)
    if !task.isEmpty { draft.tasks = task.map { TaskDraft(flag: $0).orSame(of: known.tasks ?? []) } }
    guard let tasks = draft.tasks, !tasks.isEmpty else {
      throw ValidationError("There is nothing to evaluate. Give --task NAME or --plan FILE.")
    }
    draft.tasks = tasks.map { task in
      var task = task
      task.problems = problems ?? task.problems
      task.prompt = prompt ?? task.prompt
      task.extraction = extraction ?? task.extraction
      return task
    }
    if !strategy.isEmpty { draft.rows = strategy.map { RowDraft(strategy: $0).orSame(of: known.rows ?? []) } }
    for target in control {
      let row = RowDraft(strategy: RandomTakeover.name, matchShare: target).orSame(of: known.rows ?? [])
      let rows = try draft.rowsOrDefault()
      if rows.contains(row) && known.rows?.contains(row) == true { continue }
      draft.rows = rows + [row]
    }
    for change in changes { try set(change, in: &draft) }
    return draft
  }

  private typealias TaskDraft = PlanDraft.TaskDraft
  private typealias RowDraft = PlanDraft.RowDraft

  /// What `--seeds` and `--parallel` say.
  private var own: RunOptions {
    get throws {
      guard let seeds else { return RunOptions(parallel: parallel) }
      let parts = seeds.split(separator: ",", omittingEmptySubsequences: false)
      let numbers = parts.compactMap { UInt64($0.trimmingCharacters(in: .whitespaces)) }
      guard numbers.count == parts.count else {
        throw ValidationError("--seeds takes numbers separated by commas, not '\(seeds)'.")
      }
      return RunOptions(parallel: parallel, seeds: numbers)
    }
  }

  private func set(_ change: String, in draft: inout PlanDraft) throws {
    // A label may have dots and spaces; the name of a setting has none.
    guard let match = change.wholeMatch(of: /(.+)\.([A-Za-z_]+)=(.*)/) else {
      throw ValidationError("--set takes strategy.name=value, not '\(change)'.")
    }
    var rows = try draft.rowsOrDefault()
    guard let index = rows.firstIndex(where: { $0.title == match.1 }) else {
      let hint = rows.map(\.title).nearest(to: String(match.1)).map { " Did you mean '\($0)'?" } ?? ""
      throw ValidationError("--set \(change): there is no strategy '\(match.1)' in this run.\(hint)")
    }
    let value = try Setting(flag: String(match.3), of: String(match.2))
    rows[index].settings = (rows[index].settings ?? [:]).merging([String(match.2): value]) { $1 }
    draft.rows = rows
  }
}

extension PlanDraft.TaskDraft {
  /// `NAME`, or `NAME=FILE`.
  init(flag: String) {
    let parts = flag.split(separator: "=", maxSplits: 1).map(String.init)
    self.init(
      name: parts.first ?? "", path: parts.count == 2 ? URL(filePath: parts[1]).standardizedFileURL.path : nil)
  }

  /// The task of this name and file, if there is one among those.
  fileprivate func orSame(of tasks: [Self]) -> Self {
    tasks.first { $0.name == name && (path == nil || $0.path == path) } ?? self
  }
}

extension PlanDraft.RowDraft {
  /// The row among those with the same title, if there is one.
  fileprivate func orSame(of rows: [Self]) -> Self { rows.first { $0.title == title } ?? self }
}
