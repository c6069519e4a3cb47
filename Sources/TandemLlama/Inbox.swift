import Dispatch
import Synchronization
import TandemInference

/// Where sessions leave what they want; the only thing that they and the decode loop share.
final class Inbox: Sendable {
  struct Contents {
    var openings: [Opening] = []
    var jobs: [Job] = []
    var isClosed = false
  }

  private let contents = Mutex(Contents())
  private let arrivals = DispatchSemaphore(value: 0)
  private let inFlight = Mutex<[CancellationFlag]>([])
  private let totals = Mutex(EngineCounters())

  // MARK: - For sessions

  func open(_ opening: Opening) {
    let accepted = contents.withLock { contents in
      if !contents.isClosed { contents.openings.append(opening) }
      return !contents.isClosed
    }
    if accepted { arrivals.signal() } else { opening.reply.resume(throwing: EngineError.sessionClosed) }
  }

  func post(_ job: Job) {
    let accepted = contents.withLock { contents in
      if !contents.isClosed { contents.jobs.append(job) }
      return !contents.isClosed
    }
    if accepted { arrivals.signal() } else { job.fail(EngineError.sessionClosed) }
  }

  /// Wakes the loop to look at its cancellation flags.
  func nudge() { arrivals.signal() }

  /// Ends the loop: what is asked for later fails at once.
  func close() {
    contents.withLock { $0.isClosed = true }
    arrivals.signal()
  }

  var counters: EngineCounters { totals.withLock { $0 } }

  // MARK: - For the loop

  func take() -> Contents {
    contents.withLock { contents in
      defer { (contents.openings, contents.jobs) = ([], []) }
      return contents
    }
  }

  func wait() { arrivals.wait() }

  /// False where nothing arrived in time.
  func wait(atMost time: Duration) -> Bool {
    let nanoseconds = Int(min(time / .nanoseconds(1), 3.6e12))
    return arrivals.wait(timeout: .now() + .nanoseconds(nanoseconds)) == .success
  }

  func count(_ change: (inout EngineCounters) -> Void) { totals.withLock { change(&$0) } }

  /// Whose work the pass that is about to run does.
  func begin(_ flags: [CancellationFlag]) { inFlight.withLock { $0 = flags } }

  /// Whether nobody wants the result of the running pass any more; polled by llama.cpp between operations.
  var isAbandoned: Bool { inFlight.withLock { !$0.isEmpty && $0.allSatisfy(\.isRaised) } }
}
