extension Llama {
  /// ln p of each completion token, sample by sample.
  package func logProbabilities(
    of samples: [PolicySample], rowLength: Int, rowCount: Int = 1
  ) throws(TrainingError) -> [[Float]] {
    try logProbabilities(of: samples.map(\.document), rowLength: rowLength, rowCount: rowCount)
  }

  /// The weighted sum of the objective's losses of all completion tokens of a batch, a scalar.
  func loss(
    of batch: DocumentBatch, _ samples: [PolicySample], by objective: PolicyObjective
  ) throws(TrainingError) -> Tensor {
    let now = try logProbabilities(of: batch)
    let ratio = try (now - batch.tensor(samples) { $0.old }).exp()
    var losses: Tensor
    if let oreal = objective.oreal {
      let better = try batch.tensor(samples) { max($0.advantage, 0) }
      let worse = try batch.tensor(samples) { oreal.negativeWeight * min($0.advantage, 0) }
      losses = try (now * better + ratio * worse).negated()
    } else {
      let advantages = try batch.tensor(samples) { $0.advantages }
      let highest = try batch.tensor(samples) { 1 + objective.clipAbove + $0.clipGrowth }
      let clipped = try ratio.maximum(Tensor(1 - objective.clipBelow)).minimum(highest)
      losses = try (ratio * advantages).minimum(clipped * advantages).negated()
    }
    if objective.divergenceWeight > 0 {
      let distance = try batch.tensor(samples) { $0.reference } - now
      losses = try losses + (distance.exp() - distance - Tensor(1)) * objective.divergenceWeight
    }
    return try (losses * batch.tensor(samples) { $0.weight }).sum()
  }
}

extension DocumentBatch {
  /// A number for each completion token, in the order of the rows. -> [tokens of completions]
  func tensor(_ samples: [PolicySample], _ values: (PolicySample) -> [Float]) throws(TrainingError) -> Tensor {
    let flat = order.flatMap { values(samples[$0]) }
    return try Tensor(flat, shape: [flat.count])
  }

  /// The same for one number of each sample.
  func tensor(_ samples: [PolicySample], _ value: (PolicySample) -> Float) throws(TrainingError) -> Tensor {
    try tensor(samples) { sample in [Float](repeating: value(sample), count: sample.completionCount) }
  }
}
