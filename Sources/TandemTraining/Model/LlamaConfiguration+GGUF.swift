extension LlamaConfiguration {
  /// The metadata that llama.cpp needs to know these sizes.
  package var metadata: [String: GGUFValue] {
    [
      "general.architecture": .string("llama"),
      "llama.vocab_size": .uint32(UInt32(vocabularySize)),
      "llama.embedding_length": .uint32(UInt32(embeddingLength)),
      "llama.block_count": .uint32(UInt32(blockCount)),
      "llama.attention.head_count": .uint32(UInt32(headCount)),
      "llama.attention.head_count_kv": .uint32(UInt32(keyHeadCount)),
      "llama.attention.key_length": .uint32(UInt32(headLength)),
      "llama.attention.value_length": .uint32(UInt32(headLength)),
      "llama.rope.dimension_count": .uint32(UInt32(headLength)),
      "llama.feed_forward_length": .uint32(UInt32(feedForwardLength)),
      "llama.context_length": .uint32(UInt32(contextLength)),
      "llama.attention.layer_norm_rms_epsilon": .float32(normEpsilon),
      "llama.rope.freq_base": .float32(ropeBase),
    ]
  }

  /// Reads the sizes of a GGUF file. Throws `fileInvalid`, naming what is missing or not supported.
  package init(_ file: TensorFile, path: String) throws(TrainingError) {
    func number(_ key: String) throws(TrainingError) -> Int {
      guard let value = file.metadata[key]?.integer else { throw .fileInvalid(path: path, reason: "it has no \(key)") }
      return value
    }
    guard let architecture = file.metadata["general.architecture"]?.string else {
      throw .fileInvalid(path: path, reason: "it does not name its architecture")
    }
    guard architecture == "llama" else {
      throw .fileInvalid(path: path, reason: "its architecture is \(architecture), and only llama can be trained")
    }
    let unsupported = file.metadata.keys.filter { $0.hasPrefix("llama.rope.scaling.") }.sorted().first
    if let unsupported { throw .fileInvalid(path: path, reason: "\(unsupported) is not supported") }
    let heads = try number("llama.attention.head_count")
    let embedding = try number("llama.embedding_length")
    self.init(
      vocabularySize: file.tensors["token_embd.weight"]?.shape.first ?? 0, embeddingLength: embedding,
      blockCount: try number("llama.block_count"), headCount: heads,
      keyHeadCount: file.metadata["llama.attention.head_count_kv"]?.integer ?? heads,
      headLength: file.metadata["llama.attention.key_length"]?.integer ?? embedding / max(heads, 1),
      feedForwardLength: try number("llama.feed_forward_length"),
      contextLength: try number("llama.context_length"),
      normEpsilon: file.metadata["llama.attention.layer_norm_rms_epsilon"]?.real ?? 1e-5,
      ropeBase: file.metadata["llama.rope.freq_base"]?.real ?? 10000,
      isTied: file.tensors["output.weight"] == nil)
    if let rotated = file.metadata["llama.rope.dimension_count"]?.integer, rotated != headLength {
      throw .fileInvalid(path: path, reason: "it rotates \(rotated) of \(headLength) numbers of a head, not all")
    }
    try validate()
  }
}
