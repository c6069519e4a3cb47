import CLlama
import Synchronization
import TandemInference

/// A key-value cache and the means to fill it. Owns a `llama_context`; used by one thread, freed with this value.
struct LlamaContext: ~Copyable {
  private var handle: ContextHandle
  private let weights: LlamaWeights
  private let parameters: LlamaParameters
  private let observer: LayerObserver?
  private let abort: AbortCheck

  private var context: OpaquePointer { handle.context }
  private var memory: OpaquePointer { handle.memory }
  private var sequences: Int32 { Int32(parameters.sequences) }

  /// How a forward pass went.
  enum Outcome {
    case done
    case noRoom
    case aborted
    case failed(Int32)
  }

  /// - Parameters:
  ///   - cells: Of all sequences together.
  ///   - observer: Sees the passes.
  ///   - shouldAbort: Polled by llama.cpp between the operations of a pass, on its own threads.
  init(
    _ weights: LlamaWeights, _ parameters: LlamaParameters, cells: Int, observer: LayerObserver? = nil,
    shouldAbort: @escaping @Sendable () -> Bool
  ) throws(EngineError) {
    let abort = AbortCheck(shouldAbort)
    handle = try ContextHandle(weights, parameters, cells: cells, observer, abort)
    self.weights = weights
    self.parameters = parameters
    self.observer = observer
    self.abort = abort
  }

  // MARK: - Forward pass

  /// Evaluates `batch`. After anything but `.done` the caller removes what its rows may have left behind.
  func decode(_ batch: borrowing LlamaBatch, threads: Int) -> Outcome {
    guard batch.count > 0 else { return .done }
    let (context, raw) = (context, batch.raw)
    let status = ComputeThreads.shared.run(threads: threads) { llama_decode(context, raw) }
    return switch status {
    case 0: .done
    case 1: .noRoom
    case 2: .aborted
    default: .failed(status)
    }
  }

  /// The logits of a row of the last batch that asked for them, without a chance for tokens that do not exist.
  private func logits(row: Int) throws(EngineError) -> UnsafeMutablePointer<Float> {
    guard let start = llama_get_logits_ith(context, Int32(row)) else {
      throw .badLogits(reason: "row \(row) of the batch has none")
    }
    for token in weights.missingTokens { start[token] = -.infinity }
    return start
  }

  /// Lends the logits of a row.
  func withLogits<R>(row: Int, _ body: (Span<Float>) throws(EngineError) -> R) throws(EngineError) -> R {
    let start = try logits(row: row)
    return try body(Span(_unsafeElements: UnsafeBufferPointer(start: start, count: weights.vocabularySize)))
  }

  /// Replaces `target` with the logits of a row.
  func copyLogits(row: Int, to target: inout [Float]) throws(EngineError) {
    let start = try logits(row: row)
    target.replaceSubrange(target.indices, with: UnsafeBufferPointer(start: start, count: weights.vocabularySize))
  }

  /// The hidden state of a row; `setEmbeddings(true)` must hold while it is evaluated.
  func embedding(row: Int) throws(EngineError) -> [Float] {
    guard let start = llama_get_embeddings_ith(context, Int32(row)) else {
      throw .unsupported(capability: "embeddings", engine: "llama.cpp with this model")
    }
    return Array(UnsafeBufferPointer(start: start, count: weights.embeddingSize))
  }

  func setEmbeddings(_ on: Bool) { llama_set_embeddings(context, on) }

  // MARK: - Cache

  /// Forgets `sequence` from `position` on. False where the architecture can't drop a part: then nothing has changed.
  func remove(_ sequence: Int32, from position: Int) -> Bool {
    precondition((0..<sequences).contains(sequence), "llama.cpp aborts on a sequence out of range")
    return llama_memory_seq_rm(memory, sequence, Int32(position), -1)
  }

  /// Makes `target`, which is empty, hold what `source` holds. Only whole sequences: a part aborts in a cache that isn't
  /// unified.
  ///
  /// - Returns: False where there is no memory for it.
  func copy(_ source: Int32, to target: Int32) -> Bool {
    precondition((0..<sequences).contains(source) && (0..<sequences).contains(target))
    // Between caches of their own, llama.cpp puts a copy off until the next pass: saving the target before that would
    // read what it held before, and restoring into it would be overwritten. It also copies cells that nobody uses.
    guard parameters.cache == .separate else {
      llama_memory_seq_cp(memory, source, target, -1, -1)
      return true
    }
    return restore(state(of: source), into: target)
  }

  /// How many tokens the cache holds for `sequence`; nil where there are gaps, which only a damaged state has.
  func count(of sequence: Int32) -> Int? {
    let (first, last) = (llama_memory_seq_pos_min(memory, sequence), llama_memory_seq_pos_max(memory, sequence))
    return first == 0 || last < 0 ? Int(last) + 1 : nil
  }

  func state(of sequence: Int32) -> [UInt8] {
    let size = llama_state_seq_get_size(context, sequence)
    return [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      count = llama_state_seq_get_data(context, buffer.baseAddress, size, sequence)
    }
  }

  /// False where the bytes are not a state of this model, or do not fit. Whole bytes only: see `StateSeal`.
  func restore(_ bytes: [UInt8], into sequence: Int32) -> Bool {
    llama_state_seq_set_data(context, bytes, bytes.count, sequence) == bytes.count
  }

  /// Makes the context again with room for `cells`, and moves what it holds. No adapter is on afterwards.
  ///
  /// - Returns: Whether the sequences still hold what they held, or else nothing.
  ///
  /// Throws `modelInvalid` where there is no memory for so many; there are then at least `least` cells, and what is in
  /// them is of no use.
  mutating func resize(to cells: Int, least: Int) throws(EngineError) -> Bool {
    let state = [UInt8](unsafeUninitializedCapacity: llama_state_get_size(context)) { buffer, count in
      count = llama_state_get_data(context, buffer.baseAddress, buffer.count)
    }
    // The least context there can be takes the old one's place first: both caches at once would take more memory than
    // the machine may have.
    handle = try ContextHandle(weights, parameters, cells: least, observer, abort)
    handle = try ContextHandle(weights, parameters, cells: cells, observer, abort)
    return llama_state_set_data(context, state, state.count) == state.count
  }

  // MARK: - Adapters

  /// Puts `adapter` on for the passes to come, and any other off; none is on after an error.
  func apply(_ adapter: LoadedAdapter?) throws(EngineError) {
    let width = Int32(weights.embeddingSize)
    _ = llama_set_adapters_lora(context, nil, 0, nil)
    _ = llama_set_adapter_cvec(context, nil, 0, width, 0, 0)
    guard let adapter else { return }
    if let vector = adapter.vector {
      let flat = vector.directions.flatMap { $0 }
      let (first, last) = (Int32(vector.layers.lowerBound), Int32(vector.layers.upperBound))
      guard llama_set_adapter_cvec(context, flat, flat.count, width, first, last) == 0 else {
        throw .adapterInvalid(path: "control vector", reason: "llama.cpp refused it")
      }
    }
    var handles = adapter.lora.map { Optional($0.handle) }
    var scales = adapter.lora.map(\.scale)
    _ = llama_set_adapters_lora(context, &handles, handles.count, &scales)
  }
}
