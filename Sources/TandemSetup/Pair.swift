import Foundation
public import Tandem
public import TandemInference
public import TandemModels

/// The models of a run, loaded. A file that both roles name is loaded once.
public struct Pair: Sendable {
  /// The small model; nil where none is needed.
  public var small: (any LanguageModel)?
  /// The large model, likewise.
  public var large: (any LanguageModel)?
  /// The models that steer them, by the paths of their files: see `RoleSettings.guide`.
  public var guides: [String: any LanguageModel]

  /// A pair of models that are loaded already.
  public init(
    small: (any LanguageModel)? = nil, large: (any LanguageModel)? = nil, guides: [String: any LanguageModel] = [:]
  ) {
    self.small = small
    self.large = large
    self.guides = guides
  }

  /// Loads the models of `conditions` that are needed, with a sequence for all that may be written at once.
  ///
  /// Throws `SetupError` if a model is missing or too many sequences are needed, `ModelError` for a model that can't be
  /// found, and whatever the loader throws.
  public static func load(
    _ conditions: RunConditions, for needs: PairNeeds, store: ModelStore = ModelStore(), with loader: EngineLoader
  ) async throws -> Pair {
    try await load(conditions, PairSize(needs, conditions), store: store, with: loader)
  }

  /// Loads the models of `conditions` that `size` has sequences for. Throws as the other method does.
  public static func load(
    _ conditions: RunConditions, _ size: PairSize, store: ModelStore = ModelStore(), with loader: EngineLoader
  ) async throws -> Pair {
    let (setups, others) = (
      try setups(conditions, size, store: store), try guideSetups(conditions, size, store: store)
    )
    var guides: [String: any LanguageModel] = [:]
    for (path, setup) in others { guides[path] = try await loader.load(setup) }
    let loaded = guides
    func load(_ role: Role) async throws -> (any LanguageModel)? {
      guard let setup = setups[role] else { return nil }
      return try await loader.load(setup)
    }
    if setups.count == 1, size.sequences.count == 2 {
      let model = try await load(.small)
      return Pair(small: model, large: model, guides: loaded)
    }
    async let small = load(.small)
    async let large = load(.large)
    return try await Pair(small: small, large: large, guides: loaded)
  }

  /// How each model is loaded. A file that both roles name stands there once, for the small role.
  ///
  /// Throws `SetupError` if a model is missing or too many sequences are needed, and `ModelError` for a model that can't
  /// be found.
  public static func setups(
    _ conditions: RunConditions, _ size: PairSize, store: ModelStore = ModelStore()
  ) throws -> [Role: ModelSetup] {
    var setups: [Role: ModelSetup] = [:]
    for role in Role.allCases {
      guard let sequences = size.sequences[role] else { continue }
      let source = try conditions.source(role, in: store)
      setups[role] = ModelSetup(
        source, conditions, sequences: sequences, layout: size.layouts[role] ?? .shared, cells: size.cells[role])
    }
    if let both = setups[.small], let large = setups[.large], both.source == large.source {
      setups = [.small: both.together(with: large)]
    }
    try check(setups.values)
    return setups
  }

  /// How each model that steers another is loaded, by the path of its file. It is loaded once for all whom it steers, and
  /// apart from the pair's models.
  ///
  /// Throws as `setups` does.
  public static func guideSetups(
    _ conditions: RunConditions, _ size: PairSize, store: ModelStore = ModelStore()
  ) throws -> [String: ModelSetup] {
    var setups: [String: ModelSetup] = [:]
    for (role, names) in size.guides {
      guard let sequences = size.sequences[role] else { continue }
      for url in Set(try names.map { try store.url(of: ModelReference(parsing: $0)).standardizedFileURL }) {
        let setup = ModelSetup(
          .file(url), conditions, sequences: sequences, layout: size.layouts[role] ?? .shared, cells: size.cells[role])
        setups[url.path] = setups[url.path]?.together(with: setup) ?? setup
      }
    }
    try check(setups.values)
    return setups
  }

  private static func check(_ setups: some Collection<ModelSetup>) throws(SetupError) {
    // An engine would say so too, but not what the number is made of. A server makes room for calls, not for sequences.
    for setup in setups where setup.sequences > PairSize.mostSequences {
      guard case .file = setup.source else { continue }
      throw .tooManySequences(needed: setup.sequences, most: PairSize.mostSequences)
    }
  }

  /// The solver over this pair, under the conditions for which it was loaded.
  public func solver(_ conditions: RunConditions) -> Solver {
    func participant(_ model: (any LanguageModel)?) -> Participant? {
      model.map { Participant($0, format: conditions.thinkingFormat, sampling: conditions.sampling) }
    }
    return Solver(small: participant(small), large: participant(large), budget: conditions.budget)
  }
}
