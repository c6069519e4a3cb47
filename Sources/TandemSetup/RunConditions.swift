public import Tandem
public import TandemInference
package import TandemModels

/// The models of a run and how they are used, complete: what is left after `RunOptions` were put over each other.
///
/// It stands in `plan.json`, once for all rows of an evaluation.
public struct RunConditions: Sendable, Hashable, Codable {
  /// The small model, as it is found from any folder; nil where none is needed.
  public var small: String?
  /// The large model, likewise.
  public var large: String?
  /// The file with the vocabulary of the small model, if a server runs it; nil for any other.
  public var smallTokenizer: String?
  /// The same for the large model.
  public var largeTokenizer: String?
  /// How tokens are drawn, by both models alike.
  public var sampling: SamplingParameters
  /// How much a run may write.
  public var budget: Budget
  /// The most tokens of one sequence, prompt included.
  public var contextSize: Int
  /// Whether it may be more than the models were trained with; nil for no. For adapters that were trained there.
  public var extendsContext: Bool?
  /// How the models mark their thinking; nil where it is found from their templates.
  public var thinkingFormat: ReasoningFormat?
  /// Runs at once. It does not change what is written where `isDeterministic`, and it does change the seconds.
  public var parallel: Int
  /// Compute threads of each model.
  public var threads: Int
  /// Layers of each model on a GPU; negative for all.
  public var gpuLayers: Int
  /// Flash attention.
  public var flashAttention: FlashAttention
  /// The most cells of each model's key-value cache, which the texts of runs share; nil for enough for all of them.
  public var cells: Int?
  /// The keys in the key-value caches; nil for F16.
  public var cacheTypeK: CacheType?
  /// The values in the key-value caches; nil for F16.
  public var cacheTypeV: CacheType?
  /// Whether numbers do not depend on what else is being batched.
  public var isDeterministic: Bool

  /// Conditions with the defaults of the command line, except for what is given here.
  public init(
    small: String?, large: String?, smallTokenizer: String? = nil, largeTokenizer: String? = nil,
    sampling: SamplingParameters = .init(), budget: Budget = .init(),
    contextSize: Int, extendsContext: Bool? = nil, thinkingFormat: ReasoningFormat? = nil, parallel: Int = 4,
    threads: Int = 1, gpuLayers: Int = -1, flashAttention: FlashAttention = .automatic,
    cells: Int? = nil, cacheTypeK: CacheType? = nil, cacheTypeV: CacheType? = nil, isDeterministic: Bool = false
  ) {
    self.small = small
    self.large = large
    self.smallTokenizer = smallTokenizer
    self.largeTokenizer = largeTokenizer
    self.sampling = sampling
    self.budget = budget
    self.contextSize = contextSize
    self.extendsContext = extendsContext
    self.thinkingFormat = thinkingFormat
    self.parallel = parallel
    self.threads = threads
    self.gpuLayers = gpuLayers
    self.flashAttention = flashAttention
    self.cells = cells
    self.cacheTypeK = cacheTypeK
    self.cacheTypeV = cacheTypeV
    self.isDeterministic = isDeterministic
  }

  /// The model of a role, as it is found from any folder.
  public func model(_ role: Role) -> String? { role == .small ? small : large }

  /// Whether a server runs the model of a role.
  public func isOnServer(_ role: Role) -> Bool { model(role).map { ModelReference.isServer($0) } ?? false }

  /// Where the model of a role is run. Throws `SetupError.modelMissing`, and `ModelError` for a file that is not there.
  package func source(_ role: Role, in store: ModelStore) throws -> ModelSource {
    guard let name = model(role) else { throw SetupError.modelMissing(role: role) }
    return try ModelSource(name, tokenizer: role == .small ? smallTokenizer : largeTokenizer, for: role, in: store)
  }
}

extension RunOptions {
  /// Options that say all of `conditions`, and so leave nothing to a preset but the strategies.
  public init(_ conditions: RunConditions) {
    let (sampling, budget) = (conditions.sampling, conditions.budget)
    self.init(
      small: conditions.small, large: conditions.large, smallTokenizer: conditions.smallTokenizer,
      largeTokenizer: conditions.largeTokenizer, contextSize: conditions.contextSize,
      extendsContext: conditions.extendsContext ?? false,
      thinkingFormat: conditions.thinkingFormat.map { .fixed($0) } ?? .automatic, parallel: conditions.parallel,
      threads: conditions.threads, gpuLayers: conditions.gpuLayers, flashAttention: conditions.flashAttention,
      cells: conditions.cells, cacheTypeK: conditions.cacheTypeK ?? .f16, cacheTypeV: conditions.cacheTypeV ?? .f16,
      isDeterministic: conditions.isDeterministic,
      sampling: .init(
        temperature: sampling.temperature, topK: sampling.topK, topP: sampling.topP, minP: sampling.minP,
        repetitionPenalty: sampling.repetitionPenalty),
      limits: .init(
        thinkingTokens: budget.thinkingTokens, answerTokens: budget.answerTokens, seconds: budget.seconds,
        whenSpent: budget.whenSpent, landingTokens: budget.landingTokens, landingText: budget.landingText,
        answerPrefix: budget.answerPrefix))
  }
}
