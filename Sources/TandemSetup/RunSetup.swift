public import Tandem
public import TandemInference
public import TandemModels

/// One way to solve problems: the models and limits, the strategy, and how it uses each model. A command, a request or a
/// program fills it in, and `load(with:)` makes it ready.
public struct RunSetup: Sendable, Hashable {
  /// How runs are made; what is not said is the preset's, or the default.
  public var options: RunOptions
  /// The name of the strategy; nil for the preset's.
  public var strategy: String?
  /// Settings of the strategy, in layers: later ones override earlier ones, and all of them the preset's.
  public var settings: [[String: Setting]]
  /// How the small model is used.
  public var small: RoleSettings?
  /// How the large model is used.
  public var large: RoleSettings?

  /// The preset's way to solve problems, nano's unless the options say otherwise.
  public init(
    options: RunOptions = RunOptions(), strategy: String? = nil, settings: [[String: Setting]] = [],
    small: RoleSettings? = nil, large: RoleSettings? = nil
  ) {
    self.options = options
    self.strategy = strategy
    self.settings = settings
    self.small = small
    self.large = large
  }

  /// The strategy with its settings. Throws `SetupError` or `ReasoningError`.
  public func makeStrategy() throws -> any Strategy {
    try Strategies.make(strategy, settings: settings, preset: options.chosenPreset())
  }

  /// Loads the models that the strategy needs, for as many runs at once as the options say; one unless they do.
  ///
  /// - Parameters:
  ///   - store: Where models are looked for by name.
  ///   - recording: Records what the large model rejects of the small one's guesses.
  ///   - loader: What loads them.
  ///
  /// Throws for invalid options before any model is loaded, and whatever the loader throws.
  public func load(
    store: ModelStore = ModelStore(), recording: DraftRecording? = nil, with loader: EngineLoader
  ) async throws -> LoadedRun {
    let strategy = try makeStrategy()
    for settings in [small, large] { try settings?.validate() }
    var needs = PairNeeds([strategy], draftsSmall: large?.draft?.needsSmall == true)
    let conditions = try await options.merging(over: RunOptions(parallel: 1))
      .conditions(for: needs.roles, store: store, loader: loader)
    let small = try small?.located(in: store, isOnServer: conditions.isOnServer(.small))
    let large = try large?.located(in: store, isOnServer: conditions.isOnServer(.large))
    needs.guides = .init(guiding: [(small, large)])
    let pair = try await Pair.load(conditions, for: needs, store: store, with: loader)
    var solver = pair.solver(conditions)
    solver.recording = recording
    solver = try solver.with(small: small, large: large, guides: pair.guides)
    return LoadedRun(strategy: strategy, conditions: conditions, pair: pair, solver: solver)
  }
}

/// A `RunSetup` whose models are loaded.
public struct LoadedRun: Sendable {
  /// The strategy with its settings.
  public let strategy: any Strategy
  /// The conditions that follow from the options.
  public let conditions: RunConditions
  /// The models.
  public let pair: Pair
  /// Solves problems with `strategy`.
  public let solver: Solver
}
