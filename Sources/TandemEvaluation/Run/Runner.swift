import Foundation
package import Tandem
package import TandemInference
import TandemSetup
import TandemTasks

/// Runs a plan: every job that has no record yet.
///
/// Rows are run one after the other, each with `conditions.parallel` problems at once, so that the seconds of a row do
/// not depend on what another row does beside it.
package struct Runner: Sendable {
  let plan: Plan
  let tasks: [LoadedTask]
  let solver: Solver
  let guides: [String: any LanguageModel]
  let folder: RunFolder
  let keepsTraces: Bool
  let report: @Sendable (EvaluationEvent) -> Void

  /// - Parameters:
  ///   - tasks: Those of the plan, loaded.
  ///   - solver: The pair under the plan's conditions.
  ///   - guides: The models that steer those of the pair in some rows: see `Pair.guides`.
  ///   - folder: Where the run was created.
  ///   - keepsTraces: Whether each job leaves its trace beside its record. A confidential task never does.
  package init(
    _ plan: Plan, tasks: [LoadedTask], solver: Solver, guides: [String: any LanguageModel] = [:], folder: RunFolder,
    keepsTraces: Bool = true, onEvent report: @escaping @Sendable (EvaluationEvent) -> Void = { _ in }
  ) {
    self.plan = plan
    self.tasks = tasks
    self.solver = solver
    self.guides = guides
    self.folder = folder
    self.keepsTraces = keepsTraces
    self.report = report
  }

  /// Does what is left to do, failed jobs again included. Returns when every job has a record.
  ///
  /// Cancelling the task stops it within a step of an engine and throws `CancellationError`; what was recorded stays.
  /// Throws `EvaluationError`, and `EngineError` if a model's server is not there any more; a job that fails does not end
  /// the run.
  @discardableResult
  package func run() async throws -> EvaluationProgress {
    try plan.validate()
    for row in plan.rows { try solver(of: row).check(plan.strategy(of: row)) }
    let log = try RunLog(folder)
    let ledger = RunLedger(total: plan.jobCount(tasks), records: try folder.records())
    report(.began(await ledger.progress))
    for task in tasks {
      for row in plan.orderedRows {
        let jobs = plan.seeds.flatMap { seed in
          task.exercises.map { Job(exercise: $0, key: key($0, task, row, seed)) }
        }
        let left = await ledger.left(of: jobs)
        if left.isEmpty { continue }
        let strategy = try await strategy(of: row, task, log, ledger)
        try await run(left, task, row, strategy, log, ledger)
      }
    }
    guard !Task.isCancelled else { throw CancellationError() }
    return await ledger.progress
  }

  /// A problem to be solved, in the way of its row.
  struct Job: Sendable {
    let exercise: Exercise
    let key: Record.Key
  }

  /// The pair, used in the way of a row.
  func solver(of row: Plan.Row) throws(EngineError) -> Solver {
    try solver.with(small: row.small, large: row.large, guides: guides)
  }

  private func key(_ exercise: Exercise, _ task: LoadedTask, _ row: Plan.Row, _ seed: UInt64) -> Record.Key {
    Record.Key(task: task.choice.title, problem: exercise.id, row: row.label, seed: seed)
  }

  private func run(
    _ jobs: [Job], _ task: LoadedTask, _ row: Plan.Row, _ strategy: any Strategy, _ log: RunLog, _ ledger: RunLedger
  ) async throws {
    try await inParallel(jobs, strategy, row) { job in
      let attempt = JobAttempt(job: job, task: task, row: row, strategy: strategy, solver: try solver(of: row))
      var (record, trace) = try await attempt.run()
      // Without their server, all jobs would fail, one after the other. This one has no record, so it is repeated too.
      if record.grade == .failed { try await attempt.solver.checkAvailability() }
      if keepsTraces, !task.benchmark.isConfidential { record.trace = folder.tracePath(job.key) }
      try await log.add(record, trace)
      report(.recorded(record, await ledger.add(record)))
    }
  }

  /// Calls `body` with each value, in their order, `plan.conditions.parallel` at once. The first error cancels the others.
  func inParallel<Value: Sendable>(
    _ values: some Collection<Value>, _ strategy: any Strategy, _ row: Plan.Row,
    _ body: @escaping @Sendable (Value) async throws -> Void
  ) async throws {
    let need = try solver(of: row).sessions(of: strategy)
    let conditions = plan.conditions
    let gate = RunGate(places: need.mapValues { conditions.places($0 * conditions.parallel) }, queue: 1)
    try await withThrowingDiscardingTaskGroup { group in
      for value in values {
        let places = try await gate.admission(need)
        if group.isCancelled { break }
        group.addTask {
          defer { places.leave() }
          try await body(value)
        }
      }
    }
    try Task.checkCancellation()
  }
}
