import Synchronization
import Tandem

/// The runs of one request: one for each choice, behind the gate, until the deadline, cancellable from outside.
///
/// They never wait for the client. What they write lies in an outbox until it is read; if more lies there than
/// `ServerLimits.unreadBytes`, they are cancelled.
final class ServedRun: Sendable {
  /// By which the client can control it.
  let id: String
  let plans: [RunPlan]

  private let sendsEvents: Bool
  private let traces: TraceStore?
  private let record: RequestRecord
  private let pace: RunPace
  private let outbox = Outbox<ChoiceUpdate>(limit: ServerLimits.unreadBytes)
  private let handles: [ThinkingHandle]
  private let state = Mutex(State())

  private struct State {
    var task: Task<Void, Never>?
    /// Why it was cancelled; nil if the client is gone.
    var cause: ServerError?
    var isCancelled = false
  }

  init(
    id: String, plans: [RunPlan], sendsEvents: Bool, record: RequestRecord = .init(), traces: TraceStore? = nil,
    pace: RunPace = .init()
  ) {
    self.id = id
    self.plans = plans
    self.sendsEvents = sendsEvents
    self.record = record
    self.traces = traces
    self.pace = pace
    handles = plans.map { _ in ThinkingHandle() }
  }

  /// Begins to run. Called once; `onEnd` is called when nothing of it runs any more.
  func begin(onEnd: @escaping @Sendable () -> Void) {
    let task = Task {
      do {
        try await withThrowingTaskGroup(of: Void.self) { group in
          for choice in plans.indices { group.addTask { try await self.solve(choice) } }
          try await group.waitForAll()
        }
        onEnd()
        outbox.finish()
      } catch {
        var error = state.withLock { $0.cause ?? ($0.isCancelled ? .clientGone : ServerError(error)) }
        if error.code == "queue_full" { error.retryAfter = pace.seconds }
        record.note { $0.error = $0.error ?? error.code }
        onEnd()
        outbox.finish(.failure(error))
      }
    }
    let isCancelled = state.withLock { state in
      state.task = task
      return state.isCancelled
    }
    if isCancelled { task.cancel() }
  }

  // MARK: - Control

  /// Ends the thinking; the answer is written.
  func endThinking() { for handle in handles { handle.endThinking() } }

  /// Lets the large model take over. Returns false if no choice is being written with one.
  func handOver() -> Bool {
    // All of them, even after the first that can.
    handles.map { $0.handOver() }.contains(true)
  }

  /// Ends the run, for `cause` if the client is still there to be told.
  func cancel(because cause: ServerError? = nil) {
    let task = state.withLock { state -> Task<Void, Never>? in
      if state.cause == nil { state.cause = cause }
      state.isCancelled = true
      return state.task
    }
    task?.cancel()
  }

  // MARK: - Reading

  /// Waits until there is something to tell, for at most `duration`. Throws if the run has failed before that.
  func firstUpdate(within duration: Duration) async throws { try await outbox.first(within: duration) }

  /// What has happened since the last call, once something has; nothing after `wake`; nil at the end.
  ///
  /// Throws the `ServerError` that the run failed with, or `CancellationError`.
  func next() async throws -> [ChoiceUpdate]? { try await outbox.next() }

  /// Lets a waiting `next` return.
  func wake() { outbox.wake() }

  // MARK: - Running

  private func solve(_ choice: Int) async throws {
    let (plan, handle) = (plans[choice], handles[choice])
    let recorder = Mutex(RunRecorder(plan, keepsEvents: traces != nil))
    let arrival = record.seconds
    let cut: DeadlineCut
    do {
      cut = try await self.cut(plan.deadline, handle) {
        try await plan.model.pair.gate.withPlaces(plan.solver.sessions(of: plan.strategy), key: plan.key) { places in
          let wait = self.record.seconds - arrival
          self.record.note { $0.queue = max($0.queue ?? 0, wait) }
          _ = try await plan.solver.solve(
            plan.problem, with: plan.strategy, seed: plan.seed, handle: handle, in: places
          ) { event in
            self.take(event, choice, recorder)
          }
        }
      }
    } catch {
      _ = await store(recorder.withLock { $0.trace }, choice)
      throw error
    }
    let receipt = await store(recorder.withLock { $0.trace }, choice)
    guard var result = recorder.withLock({ $0.result(cut) }) else {
      throw ServerError.unavailable("The deadline passed before the run could begin.", code: "deadline")
    }
    result.trace = receipt
    pace.note(result.outcome.seconds)
    send(choice, .ended(result), bytes: 64)
  }

  private func take(_ event: TimedEvent, _ choice: Int, _ recorder: borrowing Mutex<RunRecorder>) {
    if sendsEvents { send(choice, .event(event), bytes: 256) }
    record.take(event.event)
    for update in recorder.withLock({ $0.take(event) }) {
      record.noteText()
      send(choice, update, bytes: update.byteCount + 64)
    }
  }

  /// Stores the trace of a choice, if traces are stored and it has begun.
  private func store(_ trace: Trace, _ choice: Int) async -> TraceReceipt? {
    guard let traces, trace.header != nil else { return nil }
    let name = choice == 0 ? id : "\(id).\(choice)"
    if let fault = await traces.store(trace, id: name) { return .lost(fault) }
    return .stored(id: name)
  }

  private func send(_ choice: Int, _ update: RunUpdate, bytes: Int) {
    guard !outbox.put(ChoiceUpdate(choice: choice, update: update), cost: bytes) else { return }
    cancel(because: .readerTooSlow)
  }

  /// What the deadline cut before `operation` was done. At its end the operation is cancelled, which ends it within one
  /// step of an engine.
  private func cut(
    _ deadline: RunDeadline?, _ handle: ThinkingHandle, _ operation: @escaping @Sendable () async throws -> Void
  ) async throws -> DeadlineCut {
    guard let deadline else {
      try await operation()
      return .nothing
    }
    return try await withThrowingTaskGroup(of: DeadlineCut.self) { group in
      group.addTask {
        try await operation()
        return deadline.thinking < .now ? .thinking : .nothing
      }
      group.addTask {
        try await Task.sleep(until: deadline.thinking)
        handle.endThinking()
        try await Task.sleep(until: deadline.end)
        return .run
      }
      defer { group.cancelAll() }
      return try await group.next() ?? .nothing
    }
  }
}
