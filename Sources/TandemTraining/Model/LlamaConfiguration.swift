/// The sizes of a model of the Llama architecture (arXiv:2302.13971), named as in GGUF.
package struct LlamaConfiguration: Sendable, Hashable, Codable {
  package var vocabularySize: Int
  /// Numbers of a token's hidden state: d.
  package var embeddingLength: Int
  package var blockCount: Int
  package var headCount: Int
  /// Heads of keys and values; query heads share them in groups.
  package var keyHeadCount: Int
  /// Numbers of one head: D.
  package var headLength: Int
  package var feedForwardLength: Int
  /// Tokens that the model is meant for.
  package var contextLength: Int
  package var normEpsilon: Float
  package var ropeBase: Float
  /// Whether logits are products with the embedding itself instead of a matrix of their own.
  package var isTied: Bool

  package init(
    vocabularySize: Int, embeddingLength: Int, blockCount: Int, headCount: Int, keyHeadCount: Int? = nil,
    headLength: Int? = nil, feedForwardLength: Int, contextLength: Int = 512, normEpsilon: Float = 1e-5,
    ropeBase: Float = 10000, isTied: Bool = true
  ) {
    self.vocabularySize = vocabularySize
    self.embeddingLength = embeddingLength
    self.blockCount = blockCount
    self.headCount = headCount
    self.keyHeadCount = keyHeadCount ?? headCount
    self.headLength = headLength ?? embeddingLength / max(headCount, 1)
    self.feedForwardLength = feedForwardLength
    self.contextLength = contextLength
    self.normEpsilon = normEpsilon
    self.ropeBase = ropeBase
    self.isTied = isTied
  }

  /// Throws `invalidOption` for the first size that no model can have.
  package func validate() throws(TrainingError) {
    let sizes = [
      ("vocabulary_size", vocabularySize), ("embedding_length", embeddingLength), ("block_count", blockCount),
      ("head_count", headCount), ("head_count_kv", keyHeadCount), ("key_length", headLength),
      ("feed_forward_length", feedForwardLength), ("context_length", contextLength),
    ]
    for (name, size) in sizes where !(1...1_000_000).contains(size) {
      throw .invalidOption(name: name, reason: "must be from 1 to 1000000, not \(size)")
    }
    guard headCount.isMultiple(of: keyHeadCount) else {
      throw .invalidOption(name: "head_count", reason: "must be a multiple of head_count_kv \(keyHeadCount)")
    }
    guard headLength.isMultiple(of: 2) else {
      throw .invalidOption(name: "key_length", reason: "must be even, because positions rotate pairs")
    }
  }

  /// The shape of every parameter, by its GGUF name.
  package var shapes: [(name: String, shape: [Int])] {
    let (d, ff) = (embeddingLength, feedForwardLength)
    let (queries, keys) = (headCount * headLength, keyHeadCount * headLength)
    var shapes = [("token_embd.weight", [vocabularySize, d])]
    for block in 0..<blockCount {
      shapes += [
        ("blk.\(block).attn_norm.weight", [d]),
        ("blk.\(block).attn_q.weight", [queries, d]),
        ("blk.\(block).attn_k.weight", [keys, d]),
        ("blk.\(block).attn_v.weight", [keys, d]),
        ("blk.\(block).attn_output.weight", [d, queries]),
        ("blk.\(block).ffn_norm.weight", [d]),
        ("blk.\(block).ffn_gate.weight", [ff, d]),
        ("blk.\(block).ffn_up.weight", [ff, d]),
        ("blk.\(block).ffn_down.weight", [d, ff]),
      ]
    }
    shapes.append(("output_norm.weight", [d]))
    if !isTied { shapes.append(("output.weight", [vocabularySize, d])) }
    return shapes.map { (name: $0.0, shape: $0.1) }
  }

  package var parameterCount: Int { shapes.reduce(0) { $0 + $1.shape.reduce(1, *) } }
}
