import TandemSupport

/// All strategies, by name.
public enum Strategies {
  /// The baselines first, then the papers' strategies.
  public static let all: [any Strategy.Type] = [
    SmallOnly.self, LargeOnly.self, RandomTakeover.self, SpeculativeThinking.self, TemperatureScaling.self,
    BudgetForcing.self, SpeculativeCoT.self, SpecReason.self, EntropySwitching.self, EarlyExit.self, EntropyStop.self,
    FracturedSampling.self, LengthFilteredVote.self, ConciseHint.self, NoThinking.self, AdaptiveThinking.self,
    ChainOfDraft.self, CoThink.self,
  ]

  /// The type called `name`. Throws `unknownStrategy` with the nearest name.
  public static func named(_ name: String) throws(ReasoningError) -> any Strategy.Type {
    if let type = all.first(where: { $0.name == name }) { return type }
    throw .unknownStrategy(name: name, nearest: all.map { $0.name }.nearest(to: name))
  }

  /// A strategy with some of its settings changed from their defaults, under our names or the paper's.
  ///
  /// Throws `unknownStrategy`, `unknownSetting` or `invalidSetting`: nothing is ignored.
  public static func make(_ name: String, settings: [String: Setting] = [:]) throws(ReasoningError) -> any Strategy {
    try make(named(name), settings)
  }

  /// All settings of a strategy, by name.
  public static func settings<S: Strategy>(of strategy: S) -> [String: Setting] {
    Dictionary(uniqueKeysWithValues: S.settings.map { ($0.name, $0.value(in: strategy)) })
  }

  private static func make<S: Strategy>(
    _ type: S.Type, _ changes: [String: Setting]
  ) throws(ReasoningError) -> any Strategy {
    try S().changing(changes)
  }
}
