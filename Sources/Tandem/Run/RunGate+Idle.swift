import Synchronization
import TandemInference

// What becomes of sessions whose runs are over: see docs/decisions/0025.
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
