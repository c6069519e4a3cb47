import CLlama
import FoundationEssentials
import TandemInference

/// The LoRA files of one engine, loaded once each and freed with it, before its weights.
struct LlamaAdapters: ~Copyable {
  private var files: [String: OpaquePointer] = [:]
  private let weights: LlamaWeights

  init(_ weights: LlamaWeights) { self.weights = weights }

  deinit {
    for handle in files.values { llama_adapter_lora_free(handle) }
  }

  /// An adapter that is ready to be applied to a context.
  struct Loaded {
    var lora: [(handle: OpaquePointer, scale: Float)]
    var controlVector: Adapter.ControlVector?
  }

  /// Throws `adapterInvalid` where a file is missing, made for another model, or of the wrong shape.
  mutating func load(_ adapter: Adapter) throws(EngineError) -> Loaded {
    var loaded = Loaded(lora: [], controlVector: adapter.controlVector)
    for lora in adapter.lora { loaded.lora.append((try open(lora.path), lora.scale)) }
    if let vector = adapter.controlVector { try check(vector) }
    return loaded
  }

  private mutating func open(_ path: String) throws(EngineError) -> OpaquePointer {
    if let handle = files[path] { return handle }
    guard FileManager.default.fileExists(atPath: path) else {
      throw .adapterInvalid(path: path, reason: "there is no such file")
    }
    _ = LlamaBackend.takeError()
    guard let handle = llama_adapter_lora_init(weights.model, path) else {
      throw .adapterInvalid(path: path, reason: LlamaBackend.takeError() ?? "llama.cpp could not load it for this model")
    }
    files[path] = handle
    return handle
  }

  private func check(_ vector: Adapter.ControlVector) throws(EngineError) {
    let (rows, width) = (weights.layerCount - 1, weights.embeddingSize)
    guard vector.directions.count == rows, vector.directions.allSatisfy({ $0.count == width }) else {
      throw .adapterInvalid(path: "control vector", reason: "this model needs \(rows) directions of \(width) numbers")
    }
    guard vector.layers.lowerBound >= 1, vector.layers.upperBound <= rows else {
      throw .adapterInvalid(path: "control vector", reason: "its layers must lie within 1…\(rows)")
    }
  }
}
