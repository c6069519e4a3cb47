public import TandemInference

/// The parameters with which an engine loads a model.
public struct ModelSetup: Sendable, Hashable {
  /// What runs the model.
  public var source: ModelSource
  /// The most tokens of one sequence, prompt included.
  public var contextSize: Int
  /// Whether that may be more than the model was trained with.
  public var extendsContext: Bool
  /// How many sequences there may be at once.
  public var sequences: Int
  /// How the sequences' key-value caches lie in memory.
  public var layout: CacheLayout
  /// How many tokens a sequence holds in the middle of a usual run: a short prompt, and half of what may be written.
  public var usualLength: Int
  /// The most cells of a shared cache; nil for enough for all sequences to be full.
  public var cells: Int?
  /// The keys in the cache.
  public var cacheTypeK: CacheType
  /// The values in the cache.
  public var cacheTypeV: CacheType
  /// Compute threads.
  public var threads: Int
  /// Layers on a GPU; negative for all.
  public var gpuLayers: Int
  /// Flash attention.
  public var flashAttention: FlashAttention
  /// Whether numbers do not depend on what else is being batched.
  public var isDeterministic: Bool

  /// The setup of the model of `source` under `conditions`.
  init(
    _ source: ModelSource, _ conditions: RunConditions, sequences: Int, layout: CacheLayout, cells: Int? = nil
  ) {
    self.source = source
    contextSize = conditions.contextSize
    extendsContext = conditions.extendsContext ?? false
    self.sequences = sequences
    // Without a shared cache, each sequence has cells of its own.
    self.layout = conditions.isDeterministic ? .separate : layout
    self.cells = conditions.isDeterministic ? nil : cells
    usualLength = min(contextSize / 2, 128 + conditions.budget.allTokens / 2)
    cacheTypeK = conditions.cacheTypeK ?? .f16
    cacheTypeV = conditions.cacheTypeV ?? .f16
    threads = conditions.threads
    gpuLayers = conditions.gpuLayers
    flashAttention = conditions.flashAttention
    isDeterministic = conditions.isDeterministic
  }

  /// The setup of the engine that has the sequences of both roles.
  func together(with other: Self) -> Self {
    var both = self
    both.sequences += other.sequences
    if layout == .shared || other.layout == .shared { both.layout = .shared }
    func most(_ setup: Self) -> Int { setup.cells ?? setup.sequences * setup.contextSize }
    both.cells = cells == nil && other.cells == nil ? nil : most(self) + most(other)
    return both
  }
}

/// What is found out about a model before it is loaded.
public struct ModelFacts: Sendable, Hashable {
  /// The most tokens of a sequence that it was trained with, or that its server holds.
  public var trainedContext: Int
  /// What tells it from other models; empty if the engine has no such thing.
  public var fingerprint: String
  /// The server that runs it, in words for reports; nil for a model in this process.
  public var server: String?

  /// Facts about a model.
  public init(trainedContext: Int, fingerprint: String = "", server: String? = nil) {
    self.trainedContext = trainedContext
    self.fingerprint = fingerprint
    self.server = server
  }
}

/// How models become engines. A program hands one in, so that nothing here depends on an engine.
public struct EngineLoader: Sendable {
  /// Reads what is known about a model without loading it: from its file, or by asking its server.
  public var inspect: @Sendable (ModelSource) async throws -> ModelFacts
  /// Loads a model, or connects to it.
  public var load: @Sendable (ModelSetup) async throws -> any LanguageModel

  /// A loader of these functions.
  public init(
    inspect: @escaping @Sendable (ModelSource) async throws -> ModelFacts,
    load: @escaping @Sendable (ModelSetup) async throws -> any LanguageModel
  ) {
    self.inspect = inspect
    self.load = load
  }
}
