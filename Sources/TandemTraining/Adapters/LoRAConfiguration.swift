/// Which matrices of a model get a low-rank update, and how large it is (LoRA; Hu et al., arXiv:2106.09685).
package struct LoRAConfiguration: Sendable, Hashable, Codable {
  /// r: columns of B and rows of A.
  package var rank: Int
  /// The update is multiplied by alpha / rank.
  package var alpha: Float
  /// The share of its inputs that each update does not see while it is trained.
  package var dropout: Float
  package var targets: [Target]

  /// A matrix that every block has, by its GGUF name.
  package enum Target: String, Sendable, Codable, CaseIterable {
    case queries = "attn_q"
    case keys = "attn_k"
    case values = "attn_v"
    case output = "attn_output"
    case gate = "ffn_gate"
    case up = "ffn_up"
    case down = "ffn_down"
  }

  /// The defaults are SCoT's (arXiv:2504.19095, released code): r 8, alpha 32, dropout 0.1, on queries and values.
  package init(rank: Int = 8, alpha: Float = 32, dropout: Float = 0.1, targets: [Target] = [.queries, .values]) {
    self.rank = rank
    self.alpha = alpha
    self.dropout = dropout
    self.targets = targets
  }

  /// Throws `invalidOption`, naming the first option that makes no sense for a model of these sizes.
  package func validate(for model: LlamaConfiguration) throws(TrainingError) {
    let limit = min(model.embeddingLength, model.feedForwardLength, model.keyHeadCount * model.headLength)
    guard (1...limit).contains(rank) else {
      throw .invalidOption(name: "rank", reason: "must be from 1 to \(limit) for this model, not \(rank)")
    }
    guard alpha > 0, alpha.isFinite else {
      throw .invalidOption(name: "alpha", reason: "must be above 0, not \(alpha)")
    }
    guard (0..<1).contains(dropout) else {
      throw .invalidOption(name: "dropout", reason: "must be from 0 to below 1, not \(dropout)")
    }
    guard !targets.isEmpty, Set(targets).count == targets.count else {
      throw .invalidOption(name: "targets", reason: "must name at least one matrix, and none twice")
    }
  }

  /// The shape of every parameter: A [rank, inputs] and B [outputs, rank] of each matrix, as GGUF adapters name them.
  package func shapes(for model: LlamaConfiguration) -> [(name: String, shape: [Int])] {
    model.shapes.flatMap { name, shape in
      let parts = name.split(separator: ".")
      guard parts.count == 4, targets.contains(where: { $0.rawValue == parts[2] }) else { return [(String, [Int])]() }
      return [(LoRA.name("a", of: name), [rank, shape[1]]), (LoRA.name("b", of: name), [shape[0], rank])]
    }.map { (name: $0.0, shape: $0.1) }
  }
}
