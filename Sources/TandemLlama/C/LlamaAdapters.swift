import CLlama
import TandemInference

/// The LoRA files of one engine, loaded once each and freed with it, before its weights.
struct LlamaAdapters: ~Copyable {
  private var files: [String: OpaquePointer] = [:]
  private let weights: LlamaWeights

  init(_ weights: LlamaWeights) { self.weights = weights }

  deinit {
    for handle in files.values { llama_adapter_lora_free(handle) }
  }

  /// Throws `adapterInvalid` where a file is missing, made for another model, or of the wrong shape.
  mutating func load(_ adapter: Adapter) throws(EngineError) -> LoadedAdapter {
    // By file: llama.cpp ignores the second scale of one, and updates are meant to add up.
    var scales: [OpaquePointer: Float] = [:]
    for lora in adapter.lora {
      guard lora.scale.isFinite else { throw .adapterInvalid(path: lora.path, reason: "its scale is \(lora.scale)") }
      scales[try open(lora.path), default: 0] += lora.scale
    }
    let vector = try adapter.resolvedVector()
    if let vector { try check(vector, adapter.controlVectorFiles.first?.path ?? "control vector") }
    return LoadedAdapter(adapter, lora: scales.map { ($0, $1) }, vector: vector)
  }

  private mutating func open(_ path: String) throws(EngineError) -> OpaquePointer {
    if let handle = files[path] { return handle }
    try GGUFFile.checkAdapter(path)
    _ = LlamaBackend.takeError()
    guard let handle = llama_adapter_lora_init(weights.model, path) else {
      let reason = LlamaBackend.takeError() ?? "llama.cpp could not load it for this model"
      throw .adapterInvalid(path: path, reason: reason)
    }
    files[path] = handle
    return handle
  }

  private func check(_ vector: Adapter.ControlVector, _ path: String) throws(EngineError) {
    let (rows, width) = (weights.layerCount - 1, weights.embeddingSize)
    guard vector.directions.count == rows, vector.directions.allSatisfy({ $0.count == width }) else {
      throw .adapterInvalid(path: path, reason: "this model needs \(rows) directions of \(width) numbers")
    }
    guard vector.layers.lowerBound >= 1, vector.layers.upperBound <= rows else {
      throw .adapterInvalid(path: path, reason: "its layers must lie within 1…\(rows)")
    }
  }
}

/// An adapter that is ready to be applied to a context; told from others by identity.
final class LoadedAdapter {
  let adapter: Adapter
  let lora: [(handle: OpaquePointer, scale: Float)]
  /// Its own and those of its files.
  let vector: Adapter.ControlVector?
  /// What is left of it on tokens that its vector does not act on; nil for nothing.
  let withoutVector: LoadedAdapter?
  /// Whether its vector acts at blank lines only.
  let isForBlankLines: Bool

  init(_ adapter: Adapter, lora: [(handle: OpaquePointer, scale: Float)], vector: Adapter.ControlVector?) {
    self.adapter = adapter
    self.lora = lora
    self.vector = vector
    isForBlankLines = vector?.positions == .blankLines
    withoutVector =
      isForBlankLines && !lora.isEmpty ? LoadedAdapter(Adapter(lora: adapter.lora), lora: lora, vector: nil) : nil
  }
}
