import Synchronization

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
