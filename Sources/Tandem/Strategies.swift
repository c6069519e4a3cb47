import FoundationEssentials
import TandemSupport

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
    let encoder = JSONEncoder()
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return try JSONDecoder().decode([String: Setting].self, from: encoder.encode(strategy))
  }

  private static func make<S: Strategy>(_ type: S.Type, _ changes: [String: Setting]) throws -> S {
    let changes = try type.translate(changes)
    let known = try settings(of: type.init())
    if let unknown = changes.keys.sorted().first(where: { known[$0] == nil }) {
      throw ReasoningError.unknownSetting(name: unknown, strategy: type.name, known: known.keys.sorted())
    }
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    func decode(_ changes: [String: Setting]) throws -> S {
      try decoder.decode(type, from: JSONEncoder().encode(known.merging(changes) { $1 }))
    }
    // An error of the decoder does not always say where, and never what is wanted.
    for (name, value) in changes.sorted(by: { $0.key < $1.key }) where (try? decode([name: value])) == nil {
      if let kind = kinds.first(where: { (try? decode([name: $0.example])) != nil }) {
        throw ReasoningError.invalidSetting(name: name, reason: "must be \(kind.name), not \(value)")
      }
      let words = type.about.settings[name] ?? ""
      throw ReasoningError.invalidSetting(name: name, reason: "must be one of its words, not \(value): \(words)")
    }
    let strategy = try decode(changes)
    try strategy.validate()
    return strategy
  }

  /// What values a setting may have, each with one that no setting of a later kind takes; all others are words.
  private static let kinds: [(name: String, example: Setting)] = [
    ("a number", .number(0.5)), ("a whole number", .integer(1)), ("true or false", .flag(true)),
    ("text", .text("x")), ("a list of texts", .list([.text("x")])),
  ]
}
