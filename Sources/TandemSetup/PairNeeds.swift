public import Tandem
import TandemInference

/// What strategies need of a pair: which models, and how many sequences of each for one run.
public struct PairNeeds: Sendable, Hashable {
  /// Sequences for one run, by role; a role without an entry needs no model.
  public private(set) var sequences: [Role: Int]
  /// The models of which a run forks sessions.
  public private(set) var forks: Set<Role>
  /// The files of the models that steer a model, by its role: see `RoleSettings.guide`. Each of them has as many sequences
  /// as the model that it steers.
  public var guides: [Role: Set<String>] = [:]

  /// The models that are needed.
  public var roles: Set<Role> { Set(sequences.keys) }

  /// - Parameters:
  ///   - strategies: Those that are run, one after the other.
  ///   - draftsSmall: Whether the small model guesses the large one's tokens, which takes a sequence of it for each of the
  ///     large one: see `RoleSettings.Draft.needsSmall`.
  public init(_ strategies: [any Strategy], draftsSmall: Bool = false) {
    (sequences, forks) = ([:], [])
    for strategy in strategies {
      for (role, needs) in strategy.needs {
        let sessions = strategy.sessions[role] ?? 0
        sequences[role] = max(sequences[role] ?? 0, sessions)
        if needs.contains(.fork) || sessions > 1 { forks.insert(role) }
      }
    }
    guard draftsSmall else { return }
    sequences[.small] = (sequences[.small] ?? 0) + (sequences[.large] ?? 0)
    if forks.contains(.large) { forks.insert(.small) }
  }
}
