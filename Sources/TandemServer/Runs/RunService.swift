import Synchronization

/// All runs of a server: begins them, finds them by their ids, and ends them when the server does.
package final class RunService: Sendable {
  /// What may be asked.
  package let models: ServedModels
  let limits: ServerLimits
  private let traces: TraceStore?
  private let pace = RunPace()

  private struct State {
    var runs: [String: ServedRun] = [:]
    /// What ends the completions, which are no runs.
    var completions: [String: @Sendable (ServerError) -> Void] = [:]
    var isDraining = false
  }

  private let state = Mutex(State())

  /// - Parameter traces: Where the traces of the runs are stored; nil to store none.
  package init(_ models: ServedModels, limits: ServerLimits, traces: TraceStore? = nil) {
    self.models = models
    self.limits = limits
    self.traces = traces
  }

  /// Begins what `request` asks for. It is cancelled once the client of `context` is gone.
  ///
  /// Throws `ServerError` for a request that can't be served.
  func begin(
    _ request: RunRequest, id: String, sendsEvents: Bool = false, context: ServerContext
  ) async throws -> ServedRun {
    let plans: [RunPlan]
    do {
      plans = try RunPlan.plans(
        request, models: models, arrival: context.arrival, limit: limits.deadline, key: context.key)
    } catch {
      throw ServerError(error)
    }
    context.record.note { notes in
      notes.model = request.model
      notes.strategy = plans.first?.strategy.strategyName
      if context.record.hasPrompt { notes.prompt = request.messages }
    }
    let run = ServedRun(
      id: id, plans: plans, sendsEvents: sendsEvents, record: context.record, traces: traces, pace: pace)
    try state.withLock { state throws(ServerError) in
      if state.isDraining { throw Self.draining }
      state.runs[id] = run
    }
    let hangUp = await context.hangUp
    let number = hangUp?.whenGone { run.cancel() }
    run.begin { [self] in
      if let number { hangUp?.forget(number) }
      end(id)
    }
    return run
  }

  /// Lets the end of the server call `cancel` if a completion is still being written. Throws if the server is about to
  /// end.
  func beginCompletion(_ id: String, cancel: @escaping @Sendable (ServerError) -> Void) throws(ServerError) {
    try state.withLock { state throws(ServerError) in
      if state.isDraining { throw Self.draining }
      state.completions[id] = cancel
    }
  }

  /// Says that it is written.
  func endCompletion(_ id: String) { state.withLock { $0.completions[id] = nil } }

  /// The run with this id, if it is still running.
  func run(_ id: String) -> ServedRun? { state.withLock { $0.runs[id] } }

  /// How many requests are being answered.
  package var count: Int { state.withLock { $0.runs.count + $0.completions.count } }

  /// Whether new runs are refused because the server is about to end.
  package var isDraining: Bool { state.withLock { $0.isDraining } }

  // MARK: - The end

  static let draining = ServerError.unavailable("The server is shutting down.", code: "shutting_down")

  /// Refuses new runs, and returns once all are over: by themselves within `limits.draining`, with their thinking ended
  /// within `limits.ending`, or cancelled.
  package func drain() async {
    state.withLock { $0.isDraining = true }
    await wait(limits.draining)
    for run in state.withLock({ $0.runs }).values { run.endThinking() }
    await wait(limits.ending)
    for run in state.withLock({ $0.runs }).values { run.cancel(because: Self.draining) }
    for cancel in state.withLock({ $0.completions }).values { cancel(Self.draining) }
    await wait(limits.ending)
  }

  /// Waits until nothing runs, for at most `duration`.
  private func wait(_ duration: Duration) async {
    let end = ContinuousClock.now + duration
    while count > 0, ContinuousClock.now < end { try? await Task.sleep(for: .milliseconds(10)) }
  }

  private func end(_ id: String) { state.withLock { $0.runs[id] = nil } }
}
