#if Servers
import Foundation
import Tandem
import TandemInference
import TandemLlama
import TandemModels
import TandemSetup
import TandemSupport

/// A pair that is to be served: everything about it that can be known before its models are loaded.
struct OfferedPair {
  let name: String
  /// Of a request that names no other.
  let strategy: any Strategy
  /// All that a request may name; the first one is `strategy`.
  let strategies: [any Strategy]
  let conditions: RunConditions
  let use: ServeConfig.Use
  /// What loads its models.
  let loader: EngineLoader
  /// How many texts its engines hold at once.
  let size: PairSize
  /// How many sequences of each are for runs, and not for speculative decoding.
  let places: [Role: Int]

  /// Throws `SetupError`, `ModelError` or `ReasoningError` for a pair that can't be served.
  init(_ draft: ServeConfig.PairDraft, store: ModelStore = ModelStore()) async throws {
    name = try draft.title()
    var use = draft.use ?? ServeConfig.Use()
    for settings in [use.small, use.large] { try settings?.validate() }
    let preset = try draft.options.chosenPreset()
    let all = try draft.options.overPreset()
    strategy = try Strategies.make(draft.strategy, settings: [draft.settings ?? [:]], preset: preset)
    let given = Set(Role.allCases.filter { ($0 == .small ? all.small : all.large) != nil })
    strategies = try Self.offered(draft, strategy, preset, given)
    let runs = all.parallel ?? 4
    let options = draft.options.merging(over: RunOptions(parallel: runs))
    let drafts = use.large?.draft?.needsSmall == true
    var needs = PairNeeds(strategies)
    needs.guides = .init(guiding: [(use.small, use.large)])
    let loaded = PairNeeds(strategies, draftsSmall: drafts)
    loader = .engines(all.servers)
    conditions = try await options.conditions(for: loaded.roles, store: store, loader: loader)
    use.small = try use.small?.located(in: store, isOnServer: conditions.isOnServer(.small))
    use.large = try use.large?.located(in: store, isOnServer: conditions.isOnServer(.large))
    self.use = use
    let models = [conditions.small, conditions.large].compactMap(\.self)
    let shares = try Set(models.map { try store.place($0) }).count == 1
    var size = PairSize(
      serving: needs, runs: runs, contextSize: conditions.contextSize, sharesModel: shares && loaded.roles.count == 2)
    if drafts {
      size.sequences[.small] = min(
        PairSize.mostSequences, (size.sequences[.small] ?? 0) + (size.sequences[.large] ?? 0))
      if let small = size.cells[.small], let large = size.cells[.large] { size.cells[.small] = small + large }
    }
    try size.limit(needs, conditions)
    places = size.sequences.mapValues { [conditions] in conditions.places($0) }
    self.size = size
  }

  /// The strategies that the pair has the models for, or those that are named.
  private static func offered(
    _ draft: ServeConfig.PairDraft, _ first: any Strategy, _ preset: Preset?, _ roles: Set<Role>
  ) throws -> [any Strategy] {
    let firstName = type(of: first).name
    let names = draft.strategies ?? Strategies.all.map { $0.name }
    let others = try names.filter { $0 != firstName }.map { try Strategies.make($0, settings: [], preset: preset) }
    let possible = others.filter { draft.strategies != nil || roles.isSuperset(of: $0.needs.keys) }
    return [first] + possible
  }

  /// Its models, as their engines are set up, each with its role.
  func setups(store: ModelStore = ModelStore()) throws -> [(role: String, setup: ModelSetup)] {
    let pair = try Pair.setups(conditions, size, store: store).sorted { $0.key.rawValue > $1.key.rawValue }
    let guides = try Pair.guideSetups(conditions, size, store: store).sorted { $0.key < $1.key }
    return pair.map { ($0.key.rawValue, $0.value) } + guides.map { ("guide", $0.value) }
  }
}

extension ModelStore {
  /// Where a model is: two with the same place are one.
  fileprivate func place(_ name: String) throws -> String {
    let reference = try ModelReference(parsing: name)
    if case .server(let address) = reference { return address }
    return try url(of: reference).path
  }
}
#endif
