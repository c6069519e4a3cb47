public import Tandem
public import TandemInference

/// How many texts a pair's engines hold at once, and how their caches lie in memory.
public struct PairSize: Sendable, Hashable {
  /// Sequences by role; a role without an entry needs no model.
  public var sequences: [Role: Int]
  /// How the caches of a role's sequences lie in memory: in one, if runs fork sessions, which then share their beginning.
  /// Otherwise each has its own: in a shared one, each token's attention passes over the cells of all others.
  public var layouts: [Role: CacheLayout]
  /// The most cells of a role's shared cache; one without an entry has enough for all of its sequences to be full.
  public var cells: [Role: Int] = [:]
  /// The files of the models that steer a role's, each with as many sequences and cells as that one.
  public var guides: [Role: Set<String>]

  /// The most sequences of one engine.
  public static let mostSequences = 256

  private init(_ needs: PairNeeds, sequences: [Role: Int]) {
    self.sequences = sequences
    guides = needs.guides
    layouts = Dictionary(
      uniqueKeysWithValues: sequences.keys.map { ($0, needs.forks.contains($0) ? .shared : .separate) })
  }

  /// Enough for as many runs of any strategy at once as `conditions` say, and not more cells than they say.
  ///
  /// Throws `SetupError.invalidOption` if one run may need more cells.
  public init(_ needs: PairNeeds, _ conditions: RunConditions) throws(SetupError) {
    self.init(needs, sequences: needs.sequences.mapValues { conditions.parallel * $0 })
    try limit(needs, conditions)
  }

  /// What a server has: as many sequences as `runs` runs of the most demanding strategy, as far as an engine can have
  /// them, and cells for `runs` runs of one sequence each, or for one run of any strategy if that takes more. If no run
  /// forks sessions of a model, each has a cache of its own.
  ///
  /// - Parameters:
  ///   - needs: What one run of the strategies that are offered takes.
  ///   - runs: How many runs there are at once.
  ///   - contextSize: The most tokens of one sequence.
  ///   - sharesModel: Whether both roles use one engine, which then has the sequences of both.
  public init(serving needs: PairNeeds, runs: Int, contextSize: Int, sharesModel: Bool) {
    let most = sharesModel ? Self.mostSequences / 2 : Self.mostSequences
    self.init(needs, sequences: needs.sequences.mapValues { max($0, min(runs * $0, most)) })
    cells = needs.sequences.filter { layouts[$0.key] == .shared }.mapValues { max(runs, $0) * contextSize }
  }

  /// Gives no model more cells than `conditions` say. They are for all sequences of a model together, so its cache is a
  /// shared one if not all of them can be full.
  ///
  /// Throws `SetupError.invalidOption` if one run may need more, or if each sequence needs cells of its own.
  public mutating func limit(_ needs: PairNeeds, _ conditions: RunConditions) throws(SetupError) {
    guard let most = conditions.cells else { return }
    for (role, count) in sequences where most < count * conditions.contextSize {
      let all = count * conditions.contextSize
      guard !conditions.isDeterministic else {
        let reason = "must be at least \(all) for \(count) windows: in deterministic runs sequences share no cells"
        throw .invalidOption(name: "cells", reason: reason)
      }
      let least = (needs.sequences[role] ?? 1) * conditions.sessionCells
      guard most >= least else {
        throw .invalidOption(name: "cells", reason: "must be at least \(least), which one run may need, not \(most)")
      }
      layouts[role] = .shared
      cells[role] = min(most, cells[role] ?? most)
    }
  }

  /// How many whole windows a role's cache has room for.
  public func windows(contextSize: Int) -> [Role: Int] {
    sequences.reduce(into: [:]) { $0[$1.key] = cells[$1.key].map { $0 / contextSize } ?? $1.value }
  }
}

extension RunConditions {
  /// The most cells that a session usually takes: a prompt, and all that may be written after it.
  var sessionCells: Int {
    min(contextSize, RunOptions.Limits.promptRoom(contextSize: contextSize) + budget.allTokens)
  }

  /// How many of `count` sessions of a model may be there at once: as many as have cells even if all of them are full.
  package func places(_ count: Int) -> Int { min(count, cells.map { $0 / sessionCells } ?? count) }
}

extension Budget {
  /// All that may be written.
  var allTokens: Int { thinkingTokens + landingTokens + answerTokens }
}
