public import Tandem

/// What strategies need of a pair: which models, and how many sequences of each for one run.
public struct PairNeeds: Sendable, Hashable {
  /// Sequences for one run, by role; a role without an entry needs no model.
  public private(set) var sequences: [Role: Int]

  /// The models that are needed.
  public var roles: Set<Role> { Set(sequences.keys) }

  /// - Parameters:
  ///   - strategies: Those that are run, one after the other.
  ///   - draftsSmall: Whether the small model guesses the large one's tokens, which takes a sequence of it for each of the
  ///     large one: see `RoleSettings.Draft.needsSmall`.
  public init(_ strategies: [any Strategy], draftsSmall: Bool = false) {
    sequences = [:]
    for strategy in strategies {
      for role in strategy.needs.keys {
        sequences[role] = max(sequences[role] ?? 0, strategy.sessions[role] ?? 0)
      }
    }
    if draftsSmall { sequences[.small] = (sequences[.small] ?? 0) + (sequences[.large] ?? 0) }
  }
}
