extension Llama {
  /// ln p of each completion token of a batch, in the order of its rows -> [tokens of completions].
  func logProbabilities(of batch: PolicyBatch) throws(TrainingError) -> Tensor {
    let learnt = batch.tokens.weights.indices.filter { batch.tokens.weights[$0] != 0 }
    let states = try states(batch.tokens.tokenTensor(), batch.tokens.positionTensor())
      .rows(Tensor(integers: learnt.map(Int32.init), shape: [learnt.count]), kernels)
    let targets = try Tensor(integers: learnt.map { batch.tokens.targets[$0] }, shape: [learnt.count])
    return try logits(states).crossEntropy(targets, kernels).negated()
  }

  /// ln p of each completion token, sample by sample.
  package func logProbabilities(
    of samples: [PolicySample], rowLength: Int, rowCount: Int = 1
  ) throws(TrainingError) -> [[Float]] {
    var found = [[Float]](repeating: [], count: samples.count)
    for batch in try PolicyBatch.pack(samples, rowLength: rowLength, rowCount: rowCount) {
      var rest = try logProbabilities(of: batch).values()[...]
      for index in batch.order {
        found[index] = Array(rest.prefix(samples[index].completionCount))
        rest = rest.dropFirst(samples[index].completionCount)
      }
    }
    return found
  }

  /// The weighted sum of the objective's losses of all completion tokens of a batch, a scalar.
  func loss(
    of batch: PolicyBatch, _ samples: [PolicySample], by objective: PolicyObjective
  ) throws(TrainingError) -> Tensor {
    let now = try logProbabilities(of: batch)
    let advantages = try batch.tensor(samples) { $0.advantage }
    let ratio = try (now - batch.tensor(samples) { $0.old }).exp()
    let clipped = try ratio.maximum(Tensor(1 - objective.clipBelow)).minimum(Tensor(1 + objective.clipAbove))
    var losses = try (ratio * advantages).minimum(clipped * advantages).negated()
    if objective.divergenceWeight > 0 {
      let distance = try batch.tensor(samples) { $0.reference } - now
      losses = try losses + (distance.exp() - distance - Tensor(1)) * objective.divergenceWeight
    }
    return try (losses * batch.tensor(samples) { $0.weight }).sum()
  }
}
