#if Servers
import Tandem
import TandemServer
import TandemSetup
import TandemSupport

/// A name of its own for a pair with another strategy, settings or limits.
struct OfferedModel {
  let name: String
  let pair: String
  let strategy: any Strategy
  /// Nil for the pair's.
  let budget: Budget?

  /// Throws `SetupError` or `ReasoningError` for a pair or a strategy that is not offered.
  init(_ draft: ServeConfig.ModelDraft, _ pairs: [OfferedPair], _ drafts: [ServeConfig.PairDraft]) throws {
    name = draft.name
    pair = draft.pair ?? pairs[0].name
    guard let index = pairs.firstIndex(where: { [pair] in $0.name == pair }) else {
      throw Self.unknown(pair, among: pairs.map(\.name), as: "models.\(draft.name).pair", kind: "pair")
    }
    let (offered, preset) = (pairs[index], try drafts[index].options.chosenPreset())
    let name = draft.strategy ?? type(of: offered.strategy).name
    guard offered.strategies.contains(where: { type(of: $0).name == name }) else {
      throw Self.unknown(
        name, among: offered.strategies.map { type(of: $0).name }, as: "models.\(draft.name).strategy",
        kind: "strategy of \(offered.name)")
    }
    let below = name == type(of: offered.strategy).name ? drafts[index].settings ?? [:] : [:]
    strategy = try Strategies.make(name, settings: [below, draft.settings ?? [:]], preset: preset)
    let needs = strategy.sessions
    for (role, places) in offered.places where needs[role] ?? 0 > places {
      throw SetupError.tooManySequences(needed: needs[role] ?? 0, most: places)
    }
    let limits = try drafts[index].options.overPreset().limits
    budget = draft.limits.map {
      $0.merging(over: limits ?? .init()).budget(contextSize: offered.conditions.contextSize)
    }
  }

  private static func unknown(_ name: String, among known: [String], as option: String, kind: String) -> SetupError {
    let nearest = known.nearest(to: name).map { "; the nearest name is '\($0)'" } ?? ""
    return .invalidOption(name: option, reason: "is '\(name)', and there is no such \(kind)\(nearest)")
  }

  /// The same over loaded pairs.
  func served(by pairs: [ServedPair]) -> ServedModel? {
    pairs.first { $0.name == pair }.map { ServedModel(name, $0, strategy: strategy, budget: budget) }
  }
}
#endif
