import Synchronization
import TandemInference

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
  private let windows: [Role: Int]
  private let contents: Mutex<Contents>

  private struct Contents {
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

// MARK: - Idle sessions

extension RunGate {
  /// Takes out the idle session that suits `kind` and `prompt` best, and closes those that sit in the places of runs.
  func take(_ kind: SessionPool.Kind, for prompt: [Token]) async -> SessionPool.Idle? {
    let match = contents.withLock { $0.pool.take(kind, for: prompt, room: room(kind.role, $0)) }
    guard let match else {
      await vacate(kind.role)
      return nil
    }
    await vacate(kind.role, leaving: match.leavesCopy ? 1 : 0)
    if match.leavesCopy { await keepCopy(of: match.idle) }
    return match.idle
  }

  /// Closes idle sessions until they sit only in places of `role` that no run has, and in all but `spare` of these.
  func vacate(_ role: Role, leaving spare: Int = 0) async {
    while true {
      let tasks = contents.withLock { contents in
        let room = max(0, room(role, contents) - spare)
        for surplus in contents.pool.drop(role, downTo: room) { close(surplus, &contents.pool) }
        return contents.pool.occupied(role) > room ? contents.pool.pending(role) : []
      }
      if tasks.isEmpty { return }
      for task in tasks { await task.value }
    }
  }

  /// Keeps the session of a run that is over and still has `places` of its model.
  func keep(_ session: any Session, _ kind: SessionPool.Kind, _ tokens: [Token], places: Int) {
    contents.withLock { contents in
      contents.pool.keep(
        SessionPool.Idle(kind: kind, session: session, tokens: tokens, lastUse: contents.pool.nextNumber()))
      let room = room(kind.role, contents, freeing: places)
      for surplus in contents.pool.drop(kind.role, downTo: room) { close(surplus, &contents.pool) }
    }
  }

  /// How many idle sessions may be kept, once the runs that have places have given back as many as `ending`.
  private func room(_ role: Role, _ contents: Contents, freeing ending: Int = 0) -> Int {
    let free = contents.queue.free[role, default: 0] + ending
    return max(0, min(free, windows[role, default: 0] - (places[role, default: 0] - free)))
  }

  /// Keeps what a session holds now that another run changes it, if there is still room.
  private func keepCopy(of idle: SessionPool.Idle) async {
    let task = contents.withLock { (contents) -> Task<Void, Never>? in
      let role = idle.kind.role
      guard contents.pool.occupied(role) < room(role, contents) else { return nil }
      let number = contents.pool.nextNumber()
      let task = Task {
        let copy = try? await idle.session.fork()
        self.contents.withLock { contents in
          contents.pool.end(number, role)
          guard let copy else { return }
          contents.pool.keep(
            SessionPool.Idle(kind: idle.kind, session: copy, tokens: idle.tokens, lastUse: idle.lastUse))
        }
      }
      contents.pool.begin(number, role, task)
      return task
    }
    await task?.value
  }

  private func close(_ idle: SessionPool.Idle, _ pool: inout SessionPool) {
    let (number, role) = (pool.nextNumber(), idle.kind.role)
    let task = Task {
      await idle.session.close()
      contents.withLock { $0.pool.end(number, role) }
    }
    pool.begin(number, role, task)
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
    /// The idle sessions that are kept in places which no run has, by role.
    public let idle: [Role: Int]
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
      let idle = places.keys.reduce(into: [Role: Int]()) { $0[$1] = contents.pool.count($1) }
      return State(places: places, free: contents.queue.free, idle: idle, byKey: runs)
    }
  }
}
