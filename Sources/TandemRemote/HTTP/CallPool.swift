import Synchronization

/// Bounds the calls that a server has at once: first come, first served within a run, and round robin between runs.
///
/// vLLM queues without a bound, so that one run with many drafts would delay all others.
final class CallPool: Sendable {
  private let state: Mutex<State>

  private struct State {
    var limit: Int
    var running = 0
    var waiting: [String: [(id: UInt64, reply: CheckedContinuation<Bool, Never>)]] = [:]
    /// The runs that wait, in the order of their turns.
    var turns: [String] = []
    var nextID: UInt64 = 0
    /// Calls that were cancelled before they waited.
    var cancelled: Set<UInt64> = []
  }

  private typealias Reply = CheckedContinuation<Bool, Never>

  init(limit: Int) { state = Mutex(State(limit: limit)) }

  private struct Weak {
    weak var pool: CallPool?
  }

  private static let pools = Mutex<[String: Weak]>([:])

  /// The pool that all models of a host share. It has as many places as the most that one of them asked for.
  static func shared(by host: String, limit: Int) -> CallPool {
    let pool = pools.withLock { pools in
      let pool = pools[host]?.pool ?? CallPool(limit: limit)
      pools[host] = Weak(pool: pool)
      return pool
    }
    pool.raise(to: limit)
    return pool
  }

  private func raise(to limit: Int) {
    let admitted = state.withLock { state in
      state.limit = max(state.limit, limit)
      var admitted: [Reply] = []
      while state.running < state.limit, let next = Self.takeNext(&state) {
        state.running += 1
        admitted.append(next)
      }
      return admitted
    }
    for reply in admitted { reply.resume(returning: true) }
  }

  /// The call whose turn it is.
  private static func takeNext(_ state: inout State) -> Reply? {
    guard let run = state.turns.first, let first = state.waiting[run]?.first else { return nil }
    state.turns.removeFirst()
    state.waiting[run]?.removeFirst()
    if state.waiting[run]?.isEmpty == true { state.waiting[run] = nil } else { state.turns.append(run) }
    return first.reply
  }

  /// How many calls run, and how many wait.
  var load: (running: Int, waiting: Int) {
    state.withLock { ($0.running, $0.waiting.values.reduce(0) { $0 + $1.count }) }
  }

  /// Waits for a place. Throws `CancellationError` if the task is cancelled meanwhile. The caller gives the place back.
  func enter(_ run: String) async throws {
    let id = state.withLock { state in
      state.nextID += 1
      return state.nextID
    }
    let isIn = await withTaskCancellationHandler {
      await withCheckedContinuation { reply in
        let now: Bool? = state.withLock { state in
          if state.cancelled.remove(id) != nil { return false }
          if state.running < state.limit && state.turns.isEmpty {
            state.running += 1
            return true
          }
          if state.waiting[run] == nil { state.turns.append(run) }
          state.waiting[run, default: []].append((id, reply))
          return nil
        }
        if let now { reply.resume(returning: now) }
      }
    } onCancel: {
      leave(id, of: run)
    }
    // From here on `onCancel` is not called any more.
    state.withLock { _ = $0.cancelled.remove(id) }
    guard isIn else { throw CancellationError() }
    if Task.isCancelled {
      exit()
      throw CancellationError()
    }
  }

  /// Gives a place back, to the run whose turn it is.
  func exit() {
    let next: Reply? = state.withLock { state in
      if let next = Self.takeNext(&state) { return next }
      state.running -= 1
      return nil
    }
    next?.resume(returning: true)
  }

  private func leave(_ id: UInt64, of run: String) {
    let reply: Reply? = state.withLock { state in
      guard let place = state.waiting[run]?.firstIndex(where: { $0.id == id }) else {
        state.cancelled.insert(id)
        return nil
      }
      let reply = state.waiting[run]?.remove(at: place).reply
      if state.waiting[run]?.isEmpty == true {
        state.waiting[run] = nil
        state.turns.removeAll { $0 == run }
      }
      return reply
    }
    reply?.resume(returning: false)
  }
}
