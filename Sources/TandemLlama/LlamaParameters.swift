public import TandemInference

/// How an engine is set up.
public struct LlamaParameters: Sendable, Hashable, Codable {
  /// The most tokens that one session can hold.
  public var contextSize: Int
  /// Whether it may be more than the model was trained with: what a model writes there is worth something only with an
  /// adapter that was trained there.
  public var extendsContext: Bool
  /// How many sessions there can be at once.
  public var sequences: Int
  /// How the sessions' key-value caches lie in memory.
  public var cache: CacheLayout
  /// The keys in the cache; the model computes in F32 either way.
  public var cacheTypeK: CacheType
  /// The values in the cache. Quantised ones need flash attention.
  public var cacheTypeV: CacheType
  /// The most cells of a shared key-value cache; nil for enough for all sessions to be full, as far as there is memory.
  /// They are made when sessions need them.
  public var cells: Int?
  /// Compute threads. One by default: llama.cpp's threads wait for each other by spinning, and beside any other busy
  /// program two of them can be hundreds of times slower than one.
  public var threads: Int
  /// The most tokens in one forward pass.
  public var batchSize: Int
  /// The most tokens of a prompt in one pass while other sessions are writing, so that they don't stall.
  public var prefillChunk: Int
  /// Layers kept on a GPU, where llama.cpp was built for one; negative means all.
  public var gpuLayers: Int
  /// Whether attention is computed in one fused operation.
  public var flashAttention: FlashAttention
  /// Gives each session a pass and a cache of its own, so that its numbers don't depend on what else is running.
  public var isDeterministic: Bool
  /// How many callers may wait for a session before `makeSession` throws `busy`.
  public var waiting: Int
  /// Whether a session reads what the other model of a pair has written while that one writes on. On cores that both
  /// share, it takes from the writer what it gains; it is for a model on a device or on cores of its own.
  public var readsAhead = false
  /// How long a session waits for others to free cells before it throws `contextFull`.
  public var patience: Duration

  /// Parameters with the defaults of the command line. Deterministic mode has separate caches.
  public init(
    contextSize: Int = 4096, extendsContext: Bool = false, sequences: Int = 4,
    cache: CacheLayout = .shared, cacheTypeK: CacheType = .f16, cacheTypeV: CacheType = .f16,
    cells: Int? = nil, threads: Int = 1, batchSize: Int = 256, prefillChunk: Int = 64, gpuLayers: Int = -1,
    flashAttention: FlashAttention = .automatic,
    isDeterministic: Bool = false, waiting: Int = .max, patience: Duration = .seconds(10)
  ) {
    self.contextSize = contextSize
    self.extendsContext = extendsContext
    self.sequences = sequences
    self.cache = isDeterministic ? .separate : cache
    self.cacheTypeK = cacheTypeK
    self.cacheTypeV = cacheTypeV
    self.cells = cells
    self.threads = threads
    self.batchSize = batchSize
    self.prefillChunk = prefillChunk
    self.gpuLayers = gpuLayers
    self.flashAttention = flashAttention
    self.isDeterministic = isDeterministic
    self.waiting = waiting
    self.patience = patience
  }

  /// Rows of logits that one pass can give: one a session, and enough for scoring to be worth batching.
  var outputRows: Int { min(max(sequences, 32), batchSize) }

  /// The most cells that the cache can come to have. llama.cpp rounds caches up to whole blocks, and divides one that isn't
  /// unified evenly.
  public var totalCells: Int {
    let block = 256
    return cache == .separate
      ? roundUp(contextSize, to: block) * sequences : roundUp(cells ?? contextSize * sequences, to: block)
  }

  private func roundUp(_ value: Int, to block: Int) -> Int { (value + block - 1) / block * block }

  /// Throws `invalidParameter`, naming the first parameter that llama.cpp would abort on or choke on.
  public func validate() throws(EngineError) {
    func check(_ name: String, _ value: Int, _ range: ClosedRange<Int>) throws(EngineError) {
      guard range.contains(value) else {
        let rule = "must be from \(range.lowerBound) to \(range.upperBound)"
        throw .invalidParameter(name: name, reason: "\(rule), not \(value)")
      }
    }
    try check("sequences", sequences, 1...256)  // LLAMA_MAX_SEQ
    try check("contextSize", contextSize, 8...4_194_304)
    try check("cells", cells ?? contextSize, contextSize...Int(Int32.max) / 2)
    guard cache == .shared || cells == nil else {
      throw .invalidParameter(name: "cells", reason: "can only be set for a shared cache")
    }
    guard totalCells <= Int(Int32.max) / 2 else {
      let reason = "times sequences is \(totalCells) cells, more than can be addressed"
      throw .invalidParameter(name: "contextSize", reason: reason)
    }
    guard !cacheTypeV.isQuantized || flashAttention != .off && !isDeterministic else {
      let reason = "can't be \(cacheTypeV.rawValue) without flash attention, which deterministic mode does not use"
      throw .invalidParameter(name: "cacheTypeV", reason: reason)
    }
    try check("threads", threads, 1...512)  // GGML_MAX_N_THREADS
    try check("batchSize", batchSize, max(sequences, 32)...8192)
    try check("prefillChunk", prefillChunk, 1...batchSize)
    try check("waiting", waiting, 0...Int.max)
  }
}
