import Foundation
import Tandem
import TandemInference
package import TandemModels
package import TandemSetup
import TandemTasks

extension PlanDraft {
  /// A draft that says all of `plan`.
  package init(_ plan: Plan) {
    var options = RunOptions(plan.conditions)
    options.seeds = plan.seeds
    self.init(tasks: plan.tasks.map(TaskDraft.init), rows: plan.rows.map(RowDraft.init), options: options)
  }

  /// The rows, with those that are meant if none are given: each model alone, and the preset's strategy.
  package func rowsOrDefault() throws -> [RowDraft] {
    if let rows { return rows }
    let strategy = try options.chosenPreset()?.strategyName ?? SpeculativeThinking.name
    return [SmallOnly.name, LargeOnly.name, strategy].map { RowDraft(strategy: $0) }
  }

  /// The plan, complete: what is not said has the preset's value, or the default.
  ///
  /// Throws what is wrong with a name, a value or a file; the models are looked for, and not loaded.
  package func plan(store: ModelStore = ModelStore(), loader: EngineLoader) async throws -> Plan {
    var plan = try outline()
    let all = try options.overPreset()
    for index in plan.rows.indices {
      let row = plan.rows[index]
      plan.rows[index].small = try row.small?.located(in: store, isOnServer: all.isOnServer(.small))
      plan.rows[index].large = try row.large?.located(in: store, isOnServer: all.isOnServer(.large))
    }
    plan.conditions = try await options.conditions(for: try plan.roles, store: store, loader: loader)
    return plan
  }

  /// The plan with models and files as they are named: none is looked for, no server is asked. Of its conditions, what an
  /// estimate needs.
  ///
  /// Throws what is wrong with a name or a value.
  package func outline() throws -> Plan {
    guard let tasks, !tasks.isEmpty else { throw EvaluationError.invalidPlan(reason: "it has no task") }
    let preset = try options.chosenPreset()
    let all = try options.overPreset()
    var conditions = RunConditions(small: all.small, large: all.large, contextSize: all.contextSize ?? 8192)
    conditions.sampling = all.sampling?.parameters ?? .init()
    conditions.budget = (all.limits ?? .init()).budget(contextSize: conditions.contextSize)
    conditions.parallel = all.parallel ?? conditions.parallel
    var plan = Plan(
      tasks: try tasks.map { try $0.choice }, rows: try rowsOrDefault().map { try $0.row(preset) },
      seeds: options.seeds ?? [0], conditions: conditions)
    let roles = try plan.roles
    if !roles.contains(.small) { plan.conditions.small = nil }
    if !roles.contains(.large) { plan.conditions.large = nil }
    for name in [plan.conditions.small, plan.conditions.large, all.smallTokenizer, all.largeTokenizer] {
      _ = try name.map { try ModelReference(parsing: $0) }
    }
    return plan
  }
}

extension Plan {
  /// The models that its strategies need, without the settings that a control takes from another row.
  fileprivate var roles: Set<Role> {
    get throws {
      let strategies = try rows.map { try Strategies.make($0.strategy, settings: $0.settings) }
      return PairNeeds(strategies, draftsSmall: rows.draftsSmall).roles
    }
  }
}

extension PlanDraft.TaskDraft {
  fileprivate init(_ choice: Plan.TaskChoice) {
    self.init(name: choice.name, path: choice.path, problems: choice.problems)
    (label, prompt, extraction) = (choice.label, choice.prompt, choice.extraction)
    (optionSeed, perturbation, objection) = (choice.optionSeed, choice.perturbation, choice.objection)
  }

  fileprivate var choice: Plan.TaskChoice {
    get throws {
      let entry = try BenchmarkEntry.named(name, hasFile: path != nil)
      return Plan.TaskChoice(
        name: name, label: label, path: path.map { URL(filePath: $0).standardizedFileURL.path }, problems: problems,
        prompt: prompt ?? entry.prompt, extraction: extraction ?? entry.policy,
        optionSeed: optionSeed ?? Benchmark.usualOptionSeed, perturbation: perturbation, objection: objection)
    }
  }
}

extension PlanDraft.RowDraft {
  fileprivate init(_ row: Plan.Row) {
    self.init(strategy: row.strategy, label: row.label, settings: row.settings, matchShare: row.matchShare)
    (small, large) = (row.small, row.large)
  }

  fileprivate func row(_ preset: Preset?) throws -> Plan.Row {
    var all = preset?.settings(of: strategy) ?? [:]
    all.merge(try Strategies.named(strategy).translate(settings ?? [:])) { $1 }
    return Plan.Row(
      label: title, strategy: strategy, settings: all, matchShare: matchShare, small: small, large: large)
  }
}
