import Synchronization
import Tandem

/// The runs of one request: one for each choice, behind the gate, until the deadline, cancellable from outside.
///
/// They never wait for the client. What they write lies in an outbox until it is read; if more lies there than
/// `unreadBytes`, they are cancelled.
final class ServedRun: Sendable {
  /// By which the client can control it.
  let id: String
  let plans: [RunPlan]

  private let sendsEvents: Bool
  private let record: RequestRecord
  private let outbox = Outbox<ChoiceUpdate>(limit: unreadBytes)
  private let handles: [ThinkingHandle]
  private let state = Mutex(State())

  private struct State {
    var task: Task<Void, Never>?
    /// Why it was cancelled; nil if the client is gone.
    var cause: ServerError?
    var isCancelled = false
  }

  /// The most bytes that may lie unread.
  static let unreadBytes = 4 * 1024 * 1024

  init(id: String, plans: [RunPlan], sendsEvents: Bool, record: RequestRecord = .init()) {
    self.id = id
    self.plans = plans
    self.sendsEvents = sendsEvents
    self.record = record
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
        outbox.finish()
      } catch {
        let error = state.withLock { $0.cause } ?? ServerError(error)
        record.note { $0.error = $0.error ?? error.code }
        outbox.finish(.failure(error))
      }
      onEnd()
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
  func firstUpdate(within duration: Duration) async throws {
    let timer = Task {
      try await Task.sleep(for: duration)
      outbox.wake()
    }
    await outbox.wait()
    timer.cancel()
    try Task.checkCancellation()
    if let failure = outbox.failure { throw failure }
  }

  /// What has happened since the last call, once something has; nothing after `wake`; nil at the end.
  ///
  /// Throws the `ServerError` that the run failed with, or `CancellationError`.
  func next() async throws -> [ChoiceUpdate]? { try await outbox.next() }

  /// Lets a waiting `next` return.
  func wake() { outbox.wake() }

  // MARK: - Running

  private func solve(_ choice: Int) async throws {
    let (plan, handle) = (plans[choice], handles[choice])
    let recorder = Mutex(RunRecorder(plan))
    let arrival = record.seconds
    let isLate = try await isLate(plan.deadline, handle) {
      try await plan.model.pair.gate.withPlaces(plan.strategy.sessions, key: plan.key) {
        let wait = self.record.seconds - arrival
        self.record.note { $0.queue = max($0.queue ?? 0, wait) }
        _ = try await plan.solver.solve(plan.problem, with: plan.strategy, seed: plan.seed, handle: handle) { event in
          if self.sendsEvents { self.send(choice, .event(event), bytes: 256) }
          self.record.take(event.event)
          for piece in recorder.withLock({ $0.take(event.event) }) {
            self.record.noteText()
            self.send(choice, .piece(piece), bytes: piece.text.utf8.count + 64)
          }
        }
      }
    }
    guard let result = recorder.withLock({ $0.result(isLate: isLate) }) else {
      throw ServerError.unavailable("The deadline passed before the run could begin.", code: "deadline")
    }
    send(choice, .ended(result), bytes: 64)
  }

  private func send(_ choice: Int, _ update: RunUpdate, bytes: Int) {
    guard !outbox.put(ChoiceUpdate(choice: choice, update: update), cost: bytes) else { return }
    cancel(
      because: .unavailable(
        "More than \(Self.unreadBytes) bytes of the response lie unread.", code: "reader_too_slow", retryAfter: nil))
  }

  /// Whether the deadline passed before `operation` was done. It is then cancelled, which ends it within one step.
  private func isLate(
    _ deadline: RunDeadline?, _ handle: ThinkingHandle, _ operation: @escaping @Sendable () async throws -> Void
  ) async throws -> Bool {
    guard let deadline else {
      try await operation()
      return false
    }
    return try await withThrowingTaskGroup(of: Bool.self) { group in
      group.addTask {
        try await operation()
        return false
      }
      group.addTask {
        try await Task.sleep(until: deadline.thinking)
        handle.endThinking()
        try await Task.sleep(until: deadline.end)
        return true
      }
      defer { group.cancelAll() }
      return try await group.next() ?? false
    }
  }
}
