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
  let places: [Role: Int]
  private let mostWaiting: Int
  let windows: [Role: Int]
  let contents: Mutex<Contents>

  struct Contents {
    var queue: PlaceQueue
    var running: [String: Int] = [:]
    var replies: [UInt64: CheckedContinuation<Void, any Error>] = [:]
    var arrivals: UInt64 = 0
    var pool = SessionPool()
  }

  /// A gate before engines with these numbers of sequences.
  ///
  /// - Parameters:
  ///   - places: How many sessions of each model there may be at once; a role without an entry has none.
  ///   - queue: How many runs may wait at once.
  ///   - idle: How many places of each model, those of runs included, may hold whole sessions while idle ones are kept:
  ///     all, if the engine's cache has room for as many windows. Without an entry none are kept.
  public init(places: [Role: Int], queue: Int, keepingIdle idle: [Role: Int] = [:]) {
    self.places = places
    mostWaiting = queue
    windows = idle
    contents = Mutex(Contents(queue: PlaceQueue(places: places)))
  }

  /// Calls `body` while the run has its places, which are empty: for work that opens its sessions itself.
  ///
  /// Otherwise the same as `withPlaces(_:key:_:)` with a body that gets the places.
  public func withPlaces<Result>(
    _ need: [Role: Int], key: String = "", isolation: isolated (any Actor)? = #isolation,
    _ body: () async throws -> Result
  ) async throws -> Result {
    try await withPlaces(need, key: key) { places in
      await places.vacate()
      return try await body()
    }
  }

  /// Calls `body` while the run has its places. The body passes them to `Solver.solve`, which then takes over idle sessions
  /// of earlier runs with the same key.
  ///
  /// Cancelling the task while it waits takes the run out of the queue at once.
  ///
  /// - Parameters:
  ///   - need: How many sessions of each model the run may hold at once.
  ///   - key: Whose run it is: all keys get the same share of the admissions.
  ///   - isolation: The actor that calls; `body` runs there.
  ///   - body: The run, in the places that it has.
  ///
  /// Throws `neverFits` if the gate has too few places for the run, `queueFull` if it would have to wait and as many runs
  /// as may wait already, `CancellationError`, and what `body` throws.
  public func withPlaces<Result>(
    _ need: [Role: Int], key: String = "", isolation: isolated (any Actor)? = #isolation,
    _ body: (RunPlaces) async throws -> Result
  ) async throws -> Result {
    let places = try await admission(need, key: key)
    defer { places.leave() }
    return try await body(places)
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

  func giveBack(_ entry: PlaceQueue.Entry) {
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
