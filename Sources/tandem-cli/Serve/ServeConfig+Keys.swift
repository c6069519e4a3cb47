#if Servers
import TandemServer
import TandemSetup

extension ServeConfig: OptionKeys {
  static let keys = Set(CodingKeys.allCases.map(\.stringValue) + ServerOptions.keys + PairDraft.keys)
    .subtracting([PairDraft.CodingKeys.name.stringValue]).sorted()
  static let groups: [String: any OptionKeys.Type] = PairDraft.groups.merging([
    CodingKeys.pairs.stringValue: PairDraft.self, CodingKeys.models.stringValue: ModelDraft.self,
  ]) { $1 }
  static let words = PairDraft.words
}

extension ServerOptions: OptionKeys {}

extension ServeConfig.PairDraft: OptionKeys {
  static let keys = CodingKeys.allCases.map(\.stringValue) + RunOptions.keys
  static let groups: [String: any OptionKeys.Type] = RunOptions.groups.merging([
    CodingKeys.use.stringValue: ServeConfig.Use.self
  ]) { $1 }
  static let words = RunOptions.words
  static let shorthand: String? = RunOptions.CodingKeys.preset.stringValue
}

extension ServeConfig.Use: OptionKeys {
  static let groups: [String: any OptionKeys.Type] = [
    CodingKeys.small.stringValue: RoleSettings.self, CodingKeys.large.stringValue: RoleSettings.self,
  ]
}

extension ServeConfig.ModelDraft: OptionKeys {
  static let groups: [String: any OptionKeys.Type] = [CodingKeys.limits.stringValue: RunOptions.Limits.self]
}

/// A file of keys.
struct KeyFile: OptionKeys {
  var keys: [APIKey]

  enum CodingKeys: String, CodingKey, CaseIterable { case keys }
  static let groups: [String: any OptionKeys.Type] = [CodingKeys.keys.stringValue: APIKey.self]
}

extension APIKey: OptionKeys {}
#endif
