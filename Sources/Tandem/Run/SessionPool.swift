import TandemInference

/// Sessions whose runs are over, kept for the next run of the same conversation: the decisions, as a value.
///
/// A kept session sits in a place that no run has. It is given up as soon as a run needs the place, the one that was used
/// longest ago first.
struct SessionPool {
  /// What a session must have in common with a run that takes it over.
  struct Kind: Sendable, Hashable {
    let role: Role
    /// The model: see `SessionReuse`.
    let reuse: SessionReuse
    let forks: Bool
    /// A cache made with one adapter is useless with another.
    let adapter: Adapter?
    /// Whose run it was: how quickly a prompt is read would tell others what somebody has asked.
    let key: String
  }

  /// A session that waits for a run.
  struct Idle: Sendable {
    let kind: Kind
    let session: any Session
    let tokens: [Token]
    /// When a run had it last, in runs.
    let lastUse: UInt64
  }

  /// What a run is given.
  struct Match: Sendable {
    let idle: Idle
    /// Whether there is room for a copy that keeps what the run will drop.
    let leavesCopy: Bool
  }

  /// By their last use.
  private(set) var idle: [Idle] = []
  /// Kept sessions that are being closed or copied, by role: their places are taken until that is done.
  private var pending: [Role: [UInt64: Task<Void, Never>]] = [:]
  private var numbers: UInt64 = 0

  func count(_ role: Role) -> Int { idle.count { $0.kind.role == role } }

  /// How many places of `role` are taken by sessions that no run has.
  func occupied(_ role: Role) -> Int { count(role) + pending[role, default: [:]].count }

  /// A new number, higher than all before.
  mutating func nextNumber() -> UInt64 {
    numbers += 1
    return numbers
  }

  /// Keeps a session.
  mutating func keep(_ new: Idle) {
    idle.insert(new, at: idle.firstIndex { $0.lastUse > new.lastUse } ?? idle.endIndex)
  }

  /// Removes the sessions of `role` that were used longest ago.
  mutating func drop(_ role: Role, downTo count: Int) -> [Idle] {
    let surplus = max(0, self.count(role) - count)
    let dropped = Array(idle.lazy.filter { $0.kind.role == role }.prefix(surplus))
    for one in dropped { idle.removeAll { $0.lastUse == one.lastUse } }
    return dropped
  }

  /// Takes out the session of `kind` that has the longest beginning in common with `tokens`; nil if none has any.
  ///
  /// - Parameter room: How many sessions of the model may be kept.
  mutating func take(_ kind: Kind, for tokens: [Token], room: Int) -> Match? {
    var best: (index: Int, common: Int)?
    for (index, candidate) in idle.enumerated() where candidate.kind == kind {
      let common = candidate.tokens.commonPrefixCount(with: tokens)
      guard common > 0, kind.reuse.rewinds || common == candidate.tokens.count else { continue }
      if common >= best?.common ?? 0 { best = (index, common) }
    }
    guard let best else { return nil }
    let found = idle.remove(at: best.index)
    // A copy is one more among those that the places are for: it has to go before all that were used later.
    let later = idle.count { $0.kind.role == kind.role && $0.lastUse > found.lastUse }
    let losesSome = best.common < found.tokens.count
    return Match(idle: found, leavesCopy: losesSome && kind.forks && later < room)
  }

  // MARK: - Work on sessions that no run has

  /// What is being done to sessions of `role`.
  func pending(_ role: Role) -> [Task<Void, Never>] { Array(pending[role, default: [:]].values) }

  mutating func begin(_ number: UInt64, _ role: Role, _ task: Task<Void, Never>) {
    pending[role, default: [:]][number] = task
  }

  mutating func end(_ number: UInt64, _ role: Role) { pending[role]?[number] = nil }
}
