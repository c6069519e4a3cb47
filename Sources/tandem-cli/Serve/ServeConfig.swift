#if Servers
import Tandem
import TandemSetup

/// What `tandem serve` serves, and to whom, as its user writes it: in YAML, by flags, or both. What is left out has a
/// default. The options of the pairs stand beside those of the server and hold for all of them.
struct ServeConfig: Sendable, Hashable {
  var server = ServerOptions()
  /// The only pair, or what all `pairs` share.
  var shared = PairDraft()
  /// Nil for one pair: the one that `shared` says.
  var pairs: [PairDraft]?
  /// Names that clients may ask for, besides those of the pairs and their strategies.
  var models: [ModelDraft]?

  /// A pair with its options, and the strategies that it is offered with.
  struct PairDraft: Sendable, Hashable {
    /// Nil for the preset's name, or "pair".
    var name: String?
    var options = RunOptions()
    /// The strategy of a request that names none; nil for the preset's.
    var strategy: String?
    /// Settings of that strategy.
    var settings: [String: Setting]?
    /// The strategies that a request may name; nil for all that the models can run.
    var strategies: [String]?
    /// How each model is used.
    var use: Use?
  }

  /// How the models of a pair are used.
  struct Use: Sendable, Hashable, Codable {
    var small: RoleSettings?
    var large: RoleSettings?

    enum CodingKeys: String, CodingKey, CaseIterable { case small, large }
  }

  /// A pair under another name, with another strategy, settings or limits.
  struct ModelDraft: Sendable, Hashable, Codable {
    var name: String
    /// Nil for the first pair.
    var pair: String?
    var strategy: String?
    var settings: [String: Setting]?
    var limits: RunOptions.Limits?

    enum CodingKeys: String, CodingKey, CaseIterable { case name, pair, strategy, settings, limits }
  }
}

extension ServeConfig: Codable {
  enum CodingKeys: String, CodingKey, CaseIterable { case pairs, models }

  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    pairs = try values.decodeIfPresent([PairDraft].self, forKey: .pairs)
    models = try values.decodeIfPresent([ModelDraft].self, forKey: .models)
    server = try ServerOptions(from: decoder)
    shared = try PairDraft(from: decoder)
  }

  func encode(to encoder: any Encoder) throws {
    try server.encode(to: encoder)
    try shared.encode(to: encoder)
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encodeIfPresent(pairs, forKey: .pairs)
    try values.encodeIfPresent(models, forKey: .models)
  }
}

extension ServeConfig.PairDraft: Codable {
  enum CodingKeys: String, CodingKey, CaseIterable { case name, strategy, settings, strategies, use }

  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    name = try values.decodeIfPresent(String.self, forKey: .name)
    options = try RunOptions(from: decoder)
    strategy = try values.decodeIfPresent(String.self, forKey: .strategy)
    settings = try values.decodeIfPresent([String: Setting].self, forKey: .settings)
    strategies = try values.decodeIfPresent([String].self, forKey: .strategies)
    use = try values.decodeIfPresent(ServeConfig.Use.self, forKey: .use)
  }

  func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encodeIfPresent(name, forKey: .name)
    try options.encode(to: encoder)
    try values.encodeIfPresent(strategy, forKey: .strategy)
    try values.encodeIfPresent(settings, forKey: .settings)
    try values.encodeIfPresent(strategies, forKey: .strategies)
    try values.encodeIfPresent(use, forKey: .use)
  }
}
#endif
