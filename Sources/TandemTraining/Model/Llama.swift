/// A decoder of the Llama architecture (arXiv:2302.13971): RMSNorm, rotary positions, grouped queries, SwiGLU.
package struct Llama: Sendable {
  package let configuration: LlamaConfiguration
  package var parameters: Parameters
  package var kernels: Kernels = .automatic

  package init(_ configuration: LlamaConfiguration, parameters: Parameters) {
    self.configuration = configuration
    self.parameters = parameters
  }

  /// A model with random parameters; the same for the same seed on every machine.
  package init(_ configuration: LlamaConfiguration, seed: UInt64) throws(TrainingError) {
    try configuration.validate()
    self.init(configuration, parameters: try Parameters(initialising: configuration, seed: seed))
  }

  /// This model with other tensors for its parameters.
  package func with(_ tensors: [Tensor]) -> Llama {
    var copy = self
    copy.parameters = parameters.with(tensors)
    return copy
  }

  /// Hidden states after the last norm. tokens [N], positions [B, T], N = B * T -> [N, d].
  package func states(_ tokens: Tensor, _ positions: Tensor) throws(TrainingError) -> Tensor {
    let c = configuration
    var x = try parameters("token_embd.weight").rows(tokens, kernels)  // [N, d]
    for block in 0..<c.blockCount {
      func weight(_ name: String) throws(TrainingError) -> Tensor { try parameters("blk.\(block).\(name).weight") }
      let qkv = try x.rmsNorm(weight("attn_norm"), epsilon: c.normEpsilon, kernels)
        .linear([weight("attn_q"), weight("attn_k"), weight("attn_v")], kernels)  // [N, (H + 2 K) D]
      let heads = try qkv.attention(
        positions: positions, heads: c.headCount, keyHeads: c.keyHeadCount, ropeBase: c.ropeBase, kernels)  // [N, H D]
      x = try heads.linear([weight("attn_output")], adding: x, kernels)
      let gateUp = try x.rmsNorm(weight("ffn_norm"), epsilon: c.normEpsilon, kernels)
        .linear([weight("ffn_gate"), weight("ffn_up")], kernels)  // [N, 2 F]
      x = try gateUp.swiGLU(kernels).linear([weight("ffn_down")], adding: x, kernels)
    }
    return try x.rmsNorm(parameters("output_norm.weight"), epsilon: c.normEpsilon, kernels)
  }

  /// The logits that follow hidden states. [N, d] -> [N, V].
  package func logits(_ states: Tensor) throws(TrainingError) -> Tensor {
    let head = configuration.isTied ? "token_embd.weight" : "output.weight"
    return try states.linear([parameters(head)], kernels)
  }

  /// ln p of each target of a batch, [B, T]; that of padding means nothing.
  package func logProbabilities(of batch: TokenBatch) throws(TrainingError) -> Tensor {
    let states = try states(batch.tokenTensor(), batch.positionTensor())
    return try logits(states).crossEntropy(batch.targetTensor(), kernels).negated()
      .reshaped([batch.rows, batch.length])
  }

  /// The weighted sum of -ln p of a batch's targets, a scalar. Positions without a weight, such as those of a
  /// prompt, get no logits.
  package func loss(of batch: TokenBatch) throws(TrainingError) -> Tensor {
    let learnt = batch.weights.indices.filter { batch.weights[$0] != 0 }
    let states = try states(batch.tokenTensor(), batch.positionTensor())
      .rows(Tensor(integers: learnt.map(Int32.init), shape: [learnt.count]), kernels)
    let targets = try Tensor(integers: learnt.map { batch.targets[$0] }, shape: [learnt.count])
    let weights = try Tensor(learnt.map { batch.weights[$0] }, shape: [learnt.count])
    return try (logits(states).crossEntropy(targets, kernels) * weights).sum()
  }
}
