/// `config.json` of a Llama.
struct LlamaHuggingFaceConfiguration: Encodable {
  let architectures = ["LlamaForCausalLM"]
  let modelType = "llama"
  let vocabularySize: Int
  let embeddingLength: Int
  let feedForwardLength: Int
  let layerCount: Int
  let headCount: Int
  let keyHeadCount: Int
  /// Given always: it is not the embedding's length over the number of heads in every model.
  let headLength: Int
  let contextLength: Int
  let normEpsilon: Double
  let ropeBase: Double
  let isTied: Bool
  let activation = "silu"
  let hasAttentionBias = false
  let hasFeedForwardBias = false
  let startOfText: Int?
  let endOfText: Int
  let numbers: String

  enum CodingKeys: String, CodingKey {
    case architectures
    case modelType = "model_type"
    case vocabularySize = "vocab_size"
    case embeddingLength = "hidden_size"
    case feedForwardLength = "intermediate_size"
    case layerCount = "num_hidden_layers"
    case headCount = "num_attention_heads"
    case keyHeadCount = "num_key_value_heads"
    case headLength = "head_dim"
    case contextLength = "max_position_embeddings"
    case normEpsilon = "rms_norm_eps"
    case ropeBase = "rope_theta"
    case isTied = "tie_word_embeddings"
    case activation = "hidden_act"
    case hasAttentionBias = "attention_bias"
    case hasFeedForwardBias = "mlp_bias"
    case startOfText = "bos_token_id"
    case endOfText = "eos_token_id"
    case numbers = "torch_dtype"
  }

  /// Throws `ModelError.cannotExport` for a size that is missing or impossible.
  init(
    _ contents: ModelContents, name: String, number: Safetensors.Number, _ tokenizer: ExportedTokenizer
  ) throws(ModelError) {
    func size(_ key: String, or other: Int? = nil) throws(ModelError) -> Int {
      guard let size = contents.integer("llama.\(key)") ?? other, (1...1 << 30).contains(size) else {
        throw .cannotExport(name: name, reason: "its llama.\(key) is missing or not a size")
      }
      return size
    }
    headCount = try size("attention.head_count")
    keyHeadCount = try size("attention.head_count_kv", or: headCount)
    embeddingLength = try size("embedding_length")
    headLength = try size("attention.key_length", or: embeddingLength / headCount)
    feedForwardLength = try size("feed_forward_length")
    layerCount = try size("block_count")
    contextLength = try size("context_length")
    vocabularySize = contents.tensors.first { $0.name == "token_embd.weight" }?.shape.first ?? 0
    normEpsilon = contents.real("llama.attention.layer_norm_rms_epsilon") ?? 1e-5
    ropeBase = contents.real("llama.rope.freq_base") ?? 10_000
    isTied = !contents.tensors.contains { $0.name == "output.weight" }
    startOfText = tokenizer.startOfText
    endOfText = tokenizer.endsOfText[0]
    numbers = number == .f32 ? "float32" : "float16"
    let rotated = try size("rope.dimension_count", or: headLength)
    guard rotated == headLength, headLength % 2 == 0 else {
      throw .cannotExport(
        name: name, reason: "it rotates \(rotated) of the \(headLength) numbers of a head, and a Llama rotates all")
    }
    let rows = ["attn_q": headCount * headLength, "attn_k": keyHeadCount * headLength]
    for tensor in contents.tensors {
      let part = tensor.name.split(separator: ".").dropFirst(2).first.map(String.init) ?? ""
      guard let count = rows[part], tensor.shape.first != count else { continue }
      throw .cannotExport(name: name, reason: "its \(tensor.name) has not \(count) rows, as its heads would have")
    }
  }
}

/// `generation_config.json`.
struct GenerationConfiguration: Encodable {
  let startOfText: Int?
  let endsOfText: [Int]

  enum CodingKeys: String, CodingKey {
    case startOfText = "bos_token_id"
    case endsOfText = "eos_token_id"
  }
}
