/// A decoder of the Llama architecture (arXiv:2302.13971): RMSNorm, rotary positions, grouped queries, SwiGLU.
package struct Llama: Sendable {
  package let configuration: LlamaConfiguration
  package var parameters: Parameters
  /// What is trained instead of the parameters, which then stay as they are.
  package internal(set) var adapter: LoRA?
  package var kernels: Kernels = .automatic
  /// Tokens that no text has, which pad the vocabulary to a round number. Engines never draw them.
  package var missingTokens: [Int] = []

  package init(_ configuration: LlamaConfiguration, parameters: Parameters) {
    self.configuration = configuration
    self.parameters = parameters
  }

  /// A model with random parameters; the same for the same seed on every machine.
  package init(_ configuration: LlamaConfiguration, seed: UInt64) throws(TrainingError) {
    try configuration.validate()
    self.init(configuration, parameters: try Parameters(initialising: configuration, seed: seed))
  }

  /// This model with other tensors for what is trained of it: its parameters, or those of its adapter.
  package func with(_ tensors: [Tensor]) -> Llama {
    var copy = self
    if let adapter {
      copy.adapter?.parameters = adapter.parameters.with(tensors)
    } else {
      copy.parameters = parameters.with(tensors)
    }
    return copy
  }

  /// Hidden states after the last norm. tokens [N], positions [B, T], N = B * T -> [N, d].
  package func states(_ tokens: Tensor, _ positions: Tensor) throws(TrainingError) -> Tensor {
    let c = configuration
    var x = try parameters("token_embd.weight").rows(tokens, kernels)  // [N, d]
    for block in 0..<c.blockCount {
      func name(_ part: String) -> String { "blk.\(block).\(part).weight" }
      let normed = try x.rmsNorm(parameters(name("attn_norm")), epsilon: c.normEpsilon, kernels)
      let qkv = try linear(normed, [name("attn_q"), name("attn_k"), name("attn_v")])  // [N, (H + 2 K) D]
      let heads = try qkv.attention(
        positions: positions, heads: c.headCount, keyHeads: c.keyHeadCount, ropeBase: c.ropeBase, kernels)  // [N, H D]
      x = try linear(heads, [name("attn_output")], adding: x)
      let middle = try x.rmsNorm(parameters(name("ffn_norm")), epsilon: c.normEpsilon, kernels)
      let gateUp = try linear(middle, [name("ffn_gate"), name("ffn_up")])  // [N, 2 F]
      x = try linear(gateUp.swiGLU(kernels), [name("ffn_down")], adding: x)
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

  /// The weighted sum of -ln p of a batch's targets, a scalar; of several that are right, the likeliest counts.
  /// Positions without a weight, such as those of a prompt, get no logits.
  package func loss(of batch: TokenBatch) throws(TrainingError) -> Tensor {
    let learnt = batch.weights.indices.filter { batch.weights[$0] != 0 }
    let states = try states(batch.tokenTensor(), batch.positionTensor())
      .rows(Tensor(integers: learnt.map(Int32.init), shape: [learnt.count]), kernels)
    let weights = try Tensor(learnt.map { batch.weights[$0] }, shape: [learnt.count])
    var logits = try logits(states)
    if let mask = try batch.mask(at: learnt, vocabularySize: configuration.vocabularySize) {
      logits = try logits + mask
    }
    func losses(_ targets: [Int32]) throws(TrainingError) -> Tensor {
      try logits.crossEntropy(Tensor(integers: targets, shape: [targets.count]), kernels)
    }
    let choices = batch.choices(at: learnt)
    var least = try losses(choices[0])
    for others in choices.dropFirst() { least = try least.minimum(losses(others)) }
    return try (least * weights).sum()
  }
}
