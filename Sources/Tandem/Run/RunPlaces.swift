import Synchronization
import TandemInference

/// The places of a run that was admitted by a `RunGate`. They are given back by `leave()`, at the latest when the last
/// reference goes.
///
/// Idle sessions of earlier runs may still sit in them. `Solver.solve(…, in:)` takes those over that hold the beginning of
/// its prompts, and has the others closed before it opens sessions of its own.
public final class RunPlaces: Sendable {
  private let gate: RunGate
  private let entry: PlaceQueue.Entry
  private let isHeld = Atomic(true)

  init(_ gate: RunGate, _ entry: PlaceQueue.Entry) {
    self.gate = gate
    self.entry = entry
  }

  deinit { leave() }

  /// Gives the places back, if that has not been done.
  package func leave() {
    if isHeld.exchange(false, ordering: .acquiringAndReleasing) { gate.giveBack(entry) }
  }

  /// Closes the idle sessions that sit in these places.
  func vacate(_ roles: [Role] = Role.allCases) async {
    for role in roles { await gate.vacate(role) }
  }

  /// A session that was taken over from an earlier run.
  struct Resumed: Sendable {
    let session: any Session
    /// What it holds.
    let tokens: [Token]
    /// What it had done for earlier runs.
    let counters: EngineCounters
  }

  /// Takes over the idle session that holds the longest beginning of `prompt`, and closes those that sit in the places of
  /// this run; nil if there is none to take over.
  func resume(_ role: Role, _ participant: Participant, prompt: [Token]) async -> Resumed? {
    guard let kind = kind(role, participant) else {
      await gate.vacate(role)
      return nil
    }
    guard let taken = await gate.take(kind, for: prompt) else { return nil }
    // In a task of its own, since a session refuses calls from one that is cancelled.
    let counters = await Task { await taken.session.counters }.value
    return Resumed(session: taken.session, tokens: taken.tokens, counters: counters)
  }

  /// Keeps the session of a run that is over, or closes it if it cannot be taken over.
  func keep(_ session: any Session, _ role: Role, _ participant: Participant) async {
    let tokens = await session.tokens
    guard let kind = kind(role, participant), !tokens.isEmpty else { return await session.close() }
    gate.keep(session, kind, tokens, places: entry.need[role, default: 0])
  }

  private func kind(_ role: Role, _ participant: Participant) -> SessionPool.Kind? {
    // A session that changes its adapter would have the wrong one on.
    guard let reuse = participant.model.reuse, participant.writesWithOneAdapter else { return nil }
    return SessionPool.Kind(
      role: role, reuse: reuse, forks: participant.model.capabilities.contains(.fork), adapter: participant.adapter,
      key: entry.key)
  }
}
