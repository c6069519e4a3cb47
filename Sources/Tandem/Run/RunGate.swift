import Synchronization

/// Admits runs to the models of a pair, so that none of them fails with `busy`.
///
/// A run may hold several sessions of each model at once (`Strategy.sessions`), and opens them one by one. Several such
/// runs together can use up an engine's sequences although each of them would fit. The gate therefore counts places, as
/// many as each engine has sequences, and admits a run only when all places that it needs are free on both engines.
///
/// Runs with the same key are admitted in the order in which they came, and keys take turns. A run that needs many places
/// keeps its turn until it gets them: docs/decisions/0025.
public final class RunGate: Sendable {
  private let places: [Role: Int]
  private let mostWaiting: Int
  private let contents: Mutex<Contents>

  private struct Contents {
    var queue: PlaceQueue
    var running: [String: Int] = [:]
    var replies: [UInt64: CheckedContinuation<Void, any Error>] = [:]
    var arrivals: UInt64 = 0
  }

  /// A gate before engines with these numbers of sequences.
  ///
  /// - Parameters:
  ///   - places: How many sessions of each model there may be at once; a role without an entry has none.
  ///   - queue: How many runs may wait at once.
  public init(places: [Role: Int], queue: Int) {
    self.places = places
    mostWaiting = queue
    contents = Mutex(Contents(queue: PlaceQueue(places: places)))
  }

  /// Calls `body` while the run has its places.
  ///
  /// Cancelling the task while it waits takes the run out of the queue at once.
  ///
  /// - Parameters:
  ///   - need: How many sessions of each model the run may hold at once.
  ///   - key: Whose run it is: all keys get the same share of the admissions.
  ///
  /// Throws `neverFits` if the gate has too few places for the run, `queueFull` if it would have to wait and as many runs
  /// as may wait already, `CancellationError`, and what `body` throws.
  public func withPlaces<Result>(
    _ need: [Role: Int], key: String = "", isolation: isolated (any Actor)? = #isolation,
    _ body: () async throws -> Result
  ) async throws -> Result {
    let places = try await admission(need, key: key)
    defer { places.leave() }
    return try await body()
  }

  /// Waits for places and returns them; see `withPlaces`.
  package func admission(_ need: [Role: Int], key: String = "") async throws -> RunPlaces {
    for role in Role.allCases where need[role, default: 0] > places[role, default: 0] {
      throw ReasoningError.neverFits(role: role, needed: need[role, default: 0], places: places[role, default: 0])
    }
    try Task.checkCancellation()
    let id = contents.withLock { contents in
      contents.arrivals += 1
      return contents.arrivals
    }
    let entry = PlaceQueue.Entry(id: id, key: key, need: need.filter { $0.value > 0 })
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { reply in
        enqueue(entry, reply)
        // If the task was cancelled before it stood in the queue, the handler has not found it there.
        if Task.isCancelled { withdraw(entry) }
      }
    } onCancel: {
      withdraw(entry)
    }
    return RunPlaces(self, entry)
  }

  // MARK: - The queue

  private func enqueue(_ entry: PlaceQueue.Entry, _ reply: CheckedContinuation<Void, any Error>) {
    let refusal = change { (contents) -> ReasoningError? in
      var queue = contents.queue
      queue.append(entry)
      let waiting = contents.queue.count
      guard waiting < mostWaiting || queue.admit().contains(entry) else {
        return ReasoningError.queueFull(waiting: waiting)
      }
      contents.queue.append(entry)
      contents.replies[entry.id] = reply
      return nil
    }
    if let refusal { reply.resume(throwing: refusal) }
  }

  private func withdraw(_ entry: PlaceQueue.Entry) {
    // What it had claimed may be what another run needs.
    let reply = change { contents in
      contents.queue.remove(entry) ? contents.replies.removeValue(forKey: entry.id) : nil
    }
    reply?.resume(throwing: CancellationError())
  }

  fileprivate func giveBack(_ entry: PlaceQueue.Entry) {
    change { contents in
      contents.queue.giveBack(entry.need)
      let left = contents.running[entry.key, default: 0] - 1
      contents.running[entry.key] = left > 0 ? left : nil
    }
  }

  /// Changes the queue, and admits whoever fits then.
  private func change<Result: Sendable>(_ body: (inout Contents) -> Result) -> Result {
    let (result, replies) = contents.withLock { contents in
      let result = body(&contents)
      let replies = contents.queue.admit().compactMap { admitted in
        contents.running[admitted.key, default: 0] += 1
        return contents.replies.removeValue(forKey: admitted.id)
      }
      return (result, replies)
    }
    for reply in replies { reply.resume() }
    return result
  }
}

/// The places of a run that was admitted. They are given back by `leave()`, at the latest when the last reference goes.
package final class RunPlaces: Sendable {
  private let gate: RunGate
  private let entry: PlaceQueue.Entry
  private let isHeld = Atomic(true)

  fileprivate init(_ gate: RunGate, _ entry: PlaceQueue.Entry) {
    self.gate = gate
    self.entry = entry
  }

  deinit { leave() }

  /// Gives the places back, if that has not been done.
  package func leave() {
    if isHeld.exchange(false, ordering: .acquiringAndReleasing) { gate.giveBack(entry) }
  }
}

// MARK: - For metrics

extension RunGate {
  /// Who has places, and who waits.
  public struct State: Sendable, Hashable {
    /// All places, by role.
    public let places: [Role: Int]
    /// The places that no run has, by role.
    public let free: [Role: Int]
    /// The runs of each key that has any.
    public let byKey: [String: Runs]

    /// Numbers of runs.
    public struct Runs: Sendable, Hashable {
      /// Those that have places.
      public var running = 0
      /// Those that wait.
      public var waiting = 0

      /// None, unless given.
      public init(running: Int = 0, waiting: Int = 0) {
        self.running = running
        self.waiting = waiting
      }
    }

    /// How many runs have places.
    public var running: Int { byKey.values.reduce(0) { $0 + $1.running } }
    /// How many runs wait.
    public var waiting: Int { byKey.values.reduce(0) { $0 + $1.waiting } }
  }

  /// The state at this moment.
  public var state: State {
    contents.withLock { contents in
      var runs = contents.running.mapValues { State.Runs(running: $0) }
      for (key, line) in contents.queue.lines { runs[key, default: .init()].waiting = line.count }
      return State(places: places, free: contents.queue.free, byKey: runs)
    }
  }
}
