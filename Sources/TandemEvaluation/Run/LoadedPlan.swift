import Foundation
package import Tandem
package import TandemInference
package import TandemModels
package import TandemSetup

/// A plan with its problems and its models, ready to be run in a folder.
package struct LoadedPlan: Sendable {
  /// What is run.
  package let plan: Plan
  /// The plan's tasks with their problems.
  package let tasks: [LoadedTask]
  /// The models, loaded.
  package let pair: Pair
  /// What `plan.json` will hold.
  package let header: RunHeader
  /// Solves problems under the plan's conditions.
  package var solver: Solver { pair.solver(plan.conditions) }

  /// Checks a plan and loads what it needs.
  ///
  /// - Parameters:
  ///   - tasks: The plan's tasks, if they are loaded already.
  ///   - program: The program and its version, for the header.
  ///
  /// Throws what is wrong with the plan before any model is loaded.
  package init(
    _ plan: Plan, tasks: [LoadedTask]? = nil, program: String, store: ModelStore = ModelStore(),
    loader: EngineLoader
  ) async throws {
    try plan.validate()
    self.plan = plan
    self.tasks = try tasks ?? plan.tasks.map { try LoadedTask($0) }
    pair = try await Pair.load(plan.conditions, for: plan.needs, store: store, with: loader)
    for row in plan.rows {
      _ = try pair.solver(plan.conditions).with(small: row.small, large: row.large, guides: pair.guides)
    }
    var models: [RunHeader.ModelHeader?] = []
    for (role, model) in [(Role.small, pair.small), (.large, pair.large)] {
      guard plan.conditions.model(role) != nil, let model else {
        models.append(nil)
        continue
      }
      let facts = try await loader.inspect(plan.conditions.source(role, in: store))
      models.append(.init(name: model.name, fingerprint: facts.fingerprint, server: facts.server))
    }
    let process = ProcessInfo.processInfo
    header = RunHeader(
      program: program, startedAt: Date().timeIntervalSince1970,
      machine: "\(process.operatingSystemVersionString), \(process.activeProcessorCount) cores", plan: plan,
      small: models[0], large: models[1], tasks: self.tasks.map(\.header))
  }

  /// Runs what has no record yet, and returns all records.
  ///
  /// - Parameters:
  ///   - folder: Where the run is kept; it is made if it is not there.
  ///   - resumes: Whether a run that is there already is continued. Otherwise there may be none.
  ///   - keepsTraces: Whether each job leaves its trace beside its record.
  ///   - recording: Records what large models reject of the small one's guesses.
  ///   - report: Gets each event as it happens.
  ///
  /// Throws `EvaluationError.runExists`, `planDiffers` if the run that is there was begun with other values, and what
  /// `Runner.run` throws.
  package func run(
    in folder: RunFolder, resumes: Bool, keepsTraces: Bool = true, recording: DraftRecording? = nil,
    onEvent report: @escaping @Sendable (EvaluationEvent) -> Void = { _ in }
  ) async throws -> [Record] {
    if resumes && folder.exists { try folder.check(header) } else { try folder.create(header) }
    var solver = solver
    solver.recording = recording
    try await Runner(
      plan, tasks: tasks, solver: solver, guides: pair.guides, folder: folder, keepsTraces: keepsTraces, onEvent: report
    ).run()
    return try folder.records()
  }
}
