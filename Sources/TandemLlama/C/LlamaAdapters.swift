import CLlama
import TandemInference

/// The LoRA files of one engine, loaded once each and freed with it, before its weights.
struct LlamaAdapters: ~Copyable {
  private var files: [String: OpaquePointer] = [:]
  private let weights: LlamaWeights
  private let tokenizer: LlamaTokenizer
  private var blankLines: BlankLineTable?
  private var count = 0

  init(_ weights: LlamaWeights, _ tokenizer: LlamaTokenizer) {
    self.weights = weights
    self.tokenizer = tokenizer
  }

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
    let lora = scales.map { (handle: $0, scale: $1) }
    guard vector?.positions == .blankLines else {
      return LoadedAdapter(nextID(), adapter, lora: lora, vector: vector)
    }
    let table = blankLines ?? BlankLineTable(tokenizer)
    blankLines = table
    let rest = lora.isEmpty ? nil : LoadedAdapter(nextID(), Adapter(lora: adapter.lora), lora: lora, vector: nil)
    return LoadedAdapter(nextID(), adapter, lora: lora, vector: vector, blankLines: table, withoutVector: rest)
  }

  private mutating func nextID() -> AdapterID {
    count += 1
    return AdapterID(rawValue: count)
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

/// An adapter that is ready to be applied to a context.
final class LoadedAdapter {
  let id: AdapterID
  let adapter: Adapter
  let lora: [(handle: OpaquePointer, scale: Float)]
  /// Its own and those of its files.
  let vector: Adapter.ControlVector?
  /// Where its vector acts, if it acts at blank lines only.
  let blankLines: BlankLineTable?
  /// What is left of it on tokens that its vector does not act on; nil for nothing.
  let withoutVector: LoadedAdapter?

  init(
    _ id: AdapterID, _ adapter: Adapter, lora: [(handle: OpaquePointer, scale: Float)], vector: Adapter.ControlVector?,
    blankLines: BlankLineTable? = nil, withoutVector: LoadedAdapter? = nil
  ) {
    self.id = id
    self.adapter = adapter
    self.lora = lora
    self.vector = vector
    self.blankLines = blankLines
    self.withoutVector = withoutVector
  }
}
