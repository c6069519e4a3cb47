import Dispatch
import Synchronization
import TandemInference

/// Where sessions leave their jobs; the only thing that they and the decode loop share.
final class Inbox: Sendable {
  struct Contents {
    var sessionRequests: [SessionRequest] = []
    var jobs: [Job] = []
    /// A caller no longer needs a result: cancellation flags are worth a look.
    var isNudged = false
    var isClosed = false
    fileprivate var isLoopAsleep = false

    fileprivate var isEmpty: Bool { sessionRequests.isEmpty && jobs.isEmpty && !isNudged && !isClosed }
  }

  private let contents = Mutex(Contents())
  /// Signalled once for each sleep of the loop, so that no signals pile up while it works.
  private let alarm = DispatchSemaphore(value: 0)
  /// Whether `inFlight` is worth a look; polled more often than a lock should be taken.
  private let isInterrupted = Atomic<Bool>(false)
  private let inFlight = Mutex<[CancellationFlag]>([])
  private let totals = Mutex(EngineCounters())

  // MARK: - For sessions

  func request(_ session: SessionRequest) {
    if !add({ $0.sessionRequests.append(session) }) { session.reply.resume(throwing: EngineError.sessionClosed) }
  }

  func post(_ job: Job) {
    if !add({ $0.jobs.append(job) }) { job.fail(EngineError.sessionClosed) }
  }

  /// Makes the loop look at its cancellation flags.
  func nudge() {
    _ = add { contents in
      contents.isNudged = true
      self.isInterrupted.store(true, ordering: .relaxed)
    }
  }

  /// Ends the loop, and the pass that it is in: what is asked for later fails at once.
  func close() {
    _ = add { contents in
      contents.isClosed = true
      self.isInterrupted.store(true, ordering: .relaxed)
    }
  }

  var counters: EngineCounters { totals.withLock { $0 } }

  /// False if the loop has ended, or is about to.
  private func add(_ change: @Sendable (inout Contents) -> Void) -> Bool {
    let (isAccepted, wakes) = contents.withLock { contents in
      guard !contents.isClosed else { return (false, false) }
      change(&contents)
      defer { contents.isLoopAsleep = false }
      return (true, contents.isLoopAsleep)
    }
    if wakes { alarm.signal() }
    return isAccepted
  }

  // MARK: - For the loop

  /// All that has arrived since the last call.
  func drain() -> Contents {
    contents.withLock { contents in
      defer { (contents.sessionRequests, contents.jobs, contents.isNudged) = ([], [], false) }
      if !contents.isClosed { isInterrupted.store(false, ordering: .relaxed) }
      return contents
    }
  }

  /// Sleeps until something arrives, or until `deadline`.
  func wait(until deadline: ContinuousClock.Instant? = nil) {
    let sleeps = contents.withLock { contents in
      contents.isLoopAsleep = contents.isEmpty
      return contents.isLoopAsleep
    }
    guard sleeps else { return }
    guard let deadline else { return alarm.wait() }
    let nanoseconds = max(0, min((deadline - .now) / .nanoseconds(1), 3.6e12))
    guard alarm.wait(timeout: .now() + .nanoseconds(Int(nanoseconds))) == .timedOut else { return }
    let isSignalled = contents.withLock { contents in
      defer { contents.isLoopAsleep = false }
      return !contents.isLoopAsleep
    }
    if isSignalled { alarm.wait() }  // it came just after the deadline, and must not wake the next sleep
  }

  func count(_ change: (inout EngineCounters) -> Void) { totals.withLock { change(&$0) } }

  /// Sets whose work the pass that is about to run does.
  func begin(_ flags: [CancellationFlag]) { inFlight.withLock { $0 = flags } }

  /// Whether no caller needs the result of the running pass any more; polled by llama.cpp between operations.
  var isAbandoned: Bool {
    guard isInterrupted.load(ordering: .relaxed) else { return false }
    return contents.withLock(\.isClosed) || inFlight.withLock { !$0.isEmpty && $0.allSatisfy(\.isRaised) }
  }
}
