public import Tandem
public import TandemInference

/// What a preset, a plan, a request or flags say about a run. Every field is optional; nil means that nothing was
/// said about it, never that it has its default.
///
/// Layers are put over each other with `merging(over:)`, and become `RunConditions` when all of them are known. The keys
/// are those of a plan file.
public struct RunOptions: Sendable, Hashable, Codable {
  /// A pair with its options: see `Preset`.
  public var preset: String?
  /// The small model, as a user names it: see `ModelReference`.
  public var small: String?
  /// The large model, likewise.
  public var large: String?
  /// A file with the vocabulary and the chat template of the small model, if a server runs it; the large model's file
  /// unless it is given.
  public var smallTokenizer: String?
  /// The same for the large model; the small model's file unless it is given.
  public var largeTokenizer: String?
  /// How servers that run models are spoken to.
  public var servers: Servers?
  /// The most tokens of one sequence, prompt included.
  public var contextSize: Int?
  /// Whether the context may be larger than the models were trained with, for an adapter that was trained there.
  public var extendsContext: Bool?
  /// How the models mark their thinking.
  public var thinkingFormat: ThinkingFormat?
  /// Runs at once.
  public var parallel: Int?
  /// Compute threads of each model.
  public var threads: Int?
  /// Layers of each model on a GPU; negative for all.
  public var gpuLayers: Int?
  /// Whether the engine uses flash attention.
  public var flashAttention: FlashAttention?
  /// The most cells of each model's key-value cache, which a run's texts share; nil for enough for all of them.
  public var cells: Int?
  /// The keys in the key-value caches.
  public var cacheTypeK: CacheType?
  /// The values in the key-value caches. Quantised ones need flash attention.
  public var cacheTypeV: CacheType?
  /// Whether numbers do not depend on what else is being batched; `deterministic` in files.
  public var isDeterministic: Bool?
  /// How tokens are drawn, by both models alike.
  public var sampling: Sampling?
  /// How much a run may write.
  public var limits: Limits?
  /// The seeds; each makes a run of its own.
  public var seeds: [UInt64]?

  /// Options with nothing but what is given here.
  public init(
    preset: String? = nil, small: String? = nil, large: String? = nil, smallTokenizer: String? = nil,
    largeTokenizer: String? = nil, servers: Servers? = nil, contextSize: Int? = nil,
    extendsContext: Bool? = nil, thinkingFormat: ThinkingFormat? = nil, parallel: Int? = nil, threads: Int? = nil,
    gpuLayers: Int? = nil, flashAttention: FlashAttention? = nil, cells: Int? = nil,
    cacheTypeK: CacheType? = nil, cacheTypeV: CacheType? = nil, isDeterministic: Bool? = nil,
    sampling: Sampling? = nil, limits: Limits? = nil, seeds: [UInt64]? = nil
  ) {
    self.preset = preset
    self.small = small
    self.large = large
    self.smallTokenizer = smallTokenizer
    self.largeTokenizer = largeTokenizer
    self.servers = servers
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
    self.sampling = sampling
    self.limits = limits
    self.seeds = seeds
  }

  /// The names of the fields in files.
  public enum CodingKeys: String, CodingKey, CaseIterable {
    case preset, small, large, smallTokenizer, largeTokenizer, servers
    case contextSize, extendsContext, thinkingFormat, parallel, threads, gpuLayers, flashAttention
    case cells, cacheTypeK, cacheTypeV
    case isDeterministic = "deterministic"
    case sampling, limits, seeds
  }

  /// The fields of `SamplingParameters` that a user sets; each has the meaning that it has there.
  public struct Sampling: Sendable, Hashable, Codable {
    /// Divides the logits; 0 always takes the most likely token.
    public var temperature: Float?
    /// Keeps this many of the most likely tokens; 0 keeps all.
    public var topK: Int?
    /// Keeps the most likely tokens with this probability together; 1 keeps all.
    public var topP: Float?
    /// Keeps tokens at least this fraction as likely as the most likely one; 0 keeps all.
    public var minP: Float?
    /// Divides the logits of recent tokens; 1 is off.
    public var repetitionPenalty: Float?

    /// Options with nothing but what is given here.
    public init(
      temperature: Float? = nil, topK: Int? = nil, topP: Float? = nil, minP: Float? = nil,
      repetitionPenalty: Float? = nil
    ) {
      self.temperature = temperature
      self.topK = topK
      self.topP = topP
      self.minP = minP
      self.repetitionPenalty = repetitionPenalty
    }

    /// The names of the fields in files.
    public enum CodingKeys: String, CodingKey, CaseIterable {
      case temperature, topK, topP, minP, repetitionPenalty
    }
  }

  /// The fields of `Budget`; each has the meaning that it has there.
  public struct Limits: Sendable, Hashable, Codable {
    /// The most thinking tokens.
    public var thinkingTokens: Int?
    /// The most answer tokens, reserved in addition to the thinking.
    public var answerTokens: Int?
    /// Seconds for one run.
    public var seconds: Double?
    /// What to do with thinking that was cut.
    public var whenSpent: Budget.WhenSpent?
    /// Extra tokens to finish the current thought when the thinking is spent.
    public var landingTokens: Int?
    /// Text to insert at the end of thinking that was cut.
    public var landingText: String?
    /// Text with which the answer begins after thinking that was cut.
    public var answerPrefix: String?

    /// Options with nothing but what is given here.
    public init(
      thinkingTokens: Int? = nil, answerTokens: Int? = nil, seconds: Double? = nil,
      whenSpent: Budget.WhenSpent? = nil, landingTokens: Int? = nil, landingText: String? = nil,
      answerPrefix: String? = nil
    ) {
      self.thinkingTokens = thinkingTokens
      self.answerTokens = answerTokens
      self.seconds = seconds
      self.whenSpent = whenSpent
      self.landingTokens = landingTokens
      self.landingText = landingText
      self.answerPrefix = answerPrefix
    }

    /// The names of the fields in files.
    public enum CodingKeys: String, CodingKey, CaseIterable {
      case thinkingTokens, answerTokens, seconds, whenSpent, landingTokens, landingText, answerPrefix
    }
  }
}
