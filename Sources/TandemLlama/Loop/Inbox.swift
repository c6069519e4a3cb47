import Dispatch
import Synchronization
import TandemInference

/// Where sessions leave what they want; the only thing that they and the decode loop share.
final class Inbox: Sendable {
  struct Contents {
    var openings: [Opening] = []
    var jobs: [Job] = []
    /// Somebody no longer wants a result: cancellation flags are worth a look.
    var isNudged = false
    var isClosed = false
    fileprivate var isLoopAsleep = false

    fileprivate var isEmpty: Bool { openings.isEmpty && jobs.isEmpty && !isNudged && !isClosed }
  }

  private let contents = Mutex(Contents())
  /// Signalled once for each sleep of the loop, so that no signals pile up while it works.
  private let alarm = DispatchSemaphore(value: 0)
  /// Whether `inFlight` is worth a look; polled more often than a lock should be taken.
  private let isInterrupted = Atomic<Bool>(false)
  private let inFlight = Mutex<[CancellationFlag]>([])
  private let totals = Mutex(EngineCounters())

  // MARK: - For sessions

  func open(_ opening: Opening) {
    if !leave({ $0.openings.append(opening) }) { opening.reply.resume(throwing: EngineError.sessionClosed) }
  }

  func post(_ job: Job) {
    if !leave({ $0.jobs.append(job) }) { job.fail(EngineError.sessionClosed) }
  }

  /// Makes the loop look at its cancellation flags.
  func nudge() {
    _ = leave { contents in
      contents.isNudged = true
      self.isInterrupted.store(true, ordering: .relaxed)
    }
  }

  /// Ends the loop, and the pass that it is in: what is asked for later fails at once.
  func close() {
    _ = leave { contents in
      contents.isClosed = true
      self.isInterrupted.store(true, ordering: .relaxed)
    }
  }

  var counters: EngineCounters { totals.withLock { $0 } }

  /// False where the loop has ended, or is about to.
  private func leave(_ change: @Sendable (inout Contents) -> Void) -> Bool {
    let (isTaken, wakes) = contents.withLock { contents in
      guard !contents.isClosed else { return (false, false) }
      change(&contents)
      defer { contents.isLoopAsleep = false }
      return (true, contents.isLoopAsleep)
    }
    if wakes { alarm.signal() }
    return isTaken
  }

  // MARK: - For the loop

  func take() -> Contents {
    contents.withLock { contents in
      defer { (contents.openings, contents.jobs, contents.isNudged) = ([], [], false) }
      if !contents.isClosed { isInterrupted.store(false, ordering: .relaxed) }
      return contents
    }
  }

  /// Sleeps until there is something to take, or until `deadline`.
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

  /// Whose work the pass that is about to run does.
  func begin(_ flags: [CancellationFlag]) { inFlight.withLock { $0 = flags } }

  /// Whether nobody wants the result of the running pass any more; polled by llama.cpp between operations.
  var isAbandoned: Bool {
    guard isInterrupted.load(ordering: .relaxed) else { return false }
    return contents.withLock(\.isClosed) || inFlight.withLock { !$0.isEmpty && $0.allSatisfy(\.isRaised) }
  }
}
