import CLlama
import TandemInference

/// A `llama_context` with its compute threads, freed when nobody uses it.
final class ContextHandle {
  let context: OpaquePointer
  let memory: OpaquePointer
  private let pool: OpaquePointer?
  private let weights: LlamaWeights  // llama_free must come before llama_model_free
  private let abort: AbortCheck

  /// - Parameters:
  ///   - cells: Of all sequences together.
  ///   - observer: Sees the passes.
  ///   - abort: Polled by llama.cpp between the operations of a pass, on its own threads.
  ///
  /// Throws `modelInvalid`.
  init(
    _ weights: LlamaWeights, _ parameters: LlamaParameters, cells: Int, _ observer: LayerObserver?, _ abort: AbortCheck
  ) throws(EngineError) {
    var raw = llama_context_default_params()
    raw.n_ctx = UInt32(cells)
    raw.n_batch = UInt32(parameters.batchSize)
    raw.n_ubatch = UInt32(parameters.batchSize)
    raw.n_seq_max = UInt32(parameters.sequences)
    // The output buffer is this many rows of the whole vocabulary.
    raw.n_outputs_max = UInt32(parameters.outputRows)
    raw.n_threads = Int32(parameters.threads)
    raw.n_threads_batch = Int32(parameters.threads)
    raw.kv_unified = parameters.cache == .shared
    raw.swa_full = true  // with a sliding window, rewinding past it goes wrong without any error
    (raw.type_k, raw.type_v) = (parameters.cacheTypeK.raw, parameters.cacheTypeV.raw)
    raw.flash_attn_type = parameters.isDeterministic ? LLAMA_FLASH_ATTN_TYPE_DISABLED : parameters.flashAttention.raw
    raw.no_perf = true
    observer?.attach(to: &raw)
    _ = LlamaBackend.takeError()
    guard let context = llama_init_from_model(weights.model, raw) else {
      let reason = LlamaBackend.takeError() ?? "no context of \(cells) cells could be made; is there memory for it?"
      throw .modelInvalid(path: weights.path, reason: reason)
    }
    guard let memory = llama_get_memory(context) else {
      llama_free(context)
      throw .modelInvalid(path: weights.path, reason: "it keeps no key-value cache")
    }
    self.context = context
    self.memory = memory
    self.weights = weights
    self.abort = abort
    llama_set_abort_callback(
      context,
      // Called for every operation of a pass, so without the retain and release that a reference would cost.
      { Unmanaged<AbortCheck>.fromOpaque($0.unsafelyUnwrapped)._withUnsafeGuaranteedRef { $0.shouldAbort() } },
      Unmanaged.passUnretained(abort).toOpaque())
    pool = ComputeThreads.shared.attach(context, threads: parameters.threads)
  }

  deinit {
    llama_detach_threadpool(context)
    llama_free(context)
    if let pool { ggml_threadpool_free(pool) }
  }
}

/// What llama.cpp asks between the operations of a pass.
final class AbortCheck: Sendable {
  let shouldAbort: @Sendable () -> Bool
  init(_ shouldAbort: @escaping @Sendable () -> Bool) { self.shouldAbort = shouldAbort }
}

extension FlashAttention {
  fileprivate var raw: llama_flash_attn_type {
    switch self {
    case .automatic: LLAMA_FLASH_ATTN_TYPE_AUTO
    case .on: LLAMA_FLASH_ATTN_TYPE_ENABLED
    case .off: LLAMA_FLASH_ATTN_TYPE_DISABLED
    }
  }
}

extension CacheType {
  /// ggml's name for it.
  var raw: ggml_type {
    switch self {
    case .f32: GGML_TYPE_F32
    case .f16: GGML_TYPE_F16
    case .q8_0: GGML_TYPE_Q8_0
    case .q4_0: GGML_TYPE_Q4_0
    }
  }
}
