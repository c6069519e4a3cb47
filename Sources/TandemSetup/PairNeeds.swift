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

/// How many texts a pair's engines hold at once.
public struct PairSize: Sendable, Hashable {
  /// Sequences by role; a role without an entry needs no model.
  public var sequences: [Role: Int]
  /// Cells of a role's key-value cache; one without an entry has enough for all of its sequences to be full.
  public var cells: [Role: Int] = [:]
  /// Whether each sequence has a cache of its own, since none is forked. In a shared cache each token's attention passes
  /// over the cells of all others, those of conversations that are kept included.
  public var hasSeparateCaches = false

  /// The most sequences of one engine.
  public static let mostSequences = 256

  /// Enough for `runs` runs of any strategy at once.
  public init(_ needs: PairNeeds, runs: Int) {
    sequences = needs.sequences.mapValues { runs * $0 }
  }

  /// What a server has: as many sequences as `runs` runs of the most demanding strategy, as far as an engine can have
  /// them, and cells for `runs` runs of one sequence each, or for one run of any strategy if that takes more. If no run
  /// has several sequences of a model, each has a cache of its own.
  ///
  /// - Parameters:
  ///   - needs: What one run of the strategies that are offered takes.
  ///   - runs: How many runs there are at once.
  ///   - contextSize: The most tokens of one sequence.
  ///   - sharesModel: Whether both roles use one engine, which then has the sequences of both.
  public init(serving needs: PairNeeds, runs: Int, contextSize: Int, sharesModel: Bool) {
    let most = sharesModel ? Self.mostSequences / 2 : Self.mostSequences
    sequences = needs.sequences.mapValues { max($0, min(runs * $0, most)) }
    hasSeparateCaches = needs.sequences.values.allSatisfy { $0 <= 1 }
    cells = hasSeparateCaches ? [:] : needs.sequences.mapValues { max(runs, $0) * contextSize }
  }
}
