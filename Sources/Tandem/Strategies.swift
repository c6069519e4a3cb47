import FoundationEssentials

/// The strategies that there are, by name.
public enum Strategies {
  public static let all: [any Strategy.Type] = [
    SmallOnly.self, LargeOnly.self, RandomTakeover.self, SpeculativeThinking.self, TemperatureScaling.self,
    BudgetForcing.self, SpeculativeCoT.self, SpecReason.self, EntropySwitching.self, EarlyExit.self, EntropyStop.self,
    FracturedSampling.self, LengthFilteredVote.self, ConciseHint.self, NoThinking.self, ChainOfDraft.self,
    CoThink.self,
  ]

  /// The type called `name`. Throws `unknownStrategy`, with the nearest name there is.
  public static func named(_ name: String) throws(ReasoningError) -> any Strategy.Type {
    if let type = all.first(where: { $0.name == name }) { return type }
    throw .unknownStrategy(name: name, nearest: all.map { $0.name }.nearest(to: name))
  }

  /// A strategy with some of its settings changed from their defaults.
  ///
  /// Throws `unknownStrategy`, `unknownSetting` or `invalidSetting`: nothing is ignored.
  public static func make(_ name: String, settings: [String: Setting] = [:]) throws -> any Strategy {
    try make(named(name), settings)
  }

  /// A strategy's settings, as they are written in configuration files.
  public static func settings(of strategy: some Strategy) throws -> [String: Setting] {
    try JSONDecoder().decode([String: Setting].self, from: JSONEncoder().encode(strategy))
  }

  private static func make<S: Strategy>(_ type: S.Type, _ changes: [String: Setting]) throws -> S {
    let changes = try type.translate(changes)
    let known = try settings(of: type.init())
    if let unknown = changes.keys.sorted().first(where: { known[$0] == nil }) {
      throw ReasoningError.unknownSetting(name: unknown, strategy: type.name, known: known.keys.sorted())
    }
    func decode(_ changes: [String: Setting]) throws -> S {
      try JSONDecoder().decode(type, from: JSONEncoder().encode(known.merging(changes) { $1 }))
    }
    guard let strategy = try? decode(changes) else {
      // The error itself does not always say where.
      let wrong = changes.sorted { $0.key < $1.key }.first { (try? decode([$0.key: $0.value])) == nil }
      throw ReasoningError.invalidSetting(name: wrong?.key ?? type.name, reason: "has a value of the wrong kind")
    }
    try strategy.validate()
    return strategy
  }
}
