#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

extension PolicyTrainer {
  /// Fills in ln p of all samples under policy and reference, and compares the policy's with the engine's.
  ///
  /// - Returns: The largest distance of the two. Throws `mismatch` if it is above the tolerance: the ratio would be
  ///   that of two models, and training would go astray in silence.
  func score(_ samples: inout [PolicySample], _ groups: [PolicyGroup]) throws -> Float {
    let old = try model.logProbabilities(of: samples, rowLength: rowLength(samples), rowCount: options.rowsPerBatch)
    let engine = groups.filter { !$0.isEqual }.flatMap { group in
      group.kept(by: options.objective).map { group.rollouts[$0].logProbabilities }
    }
    let distances = zip(old, engine).flatMap { zip($0, $1).map { abs($0 - $1) } }
    // A NaN is no number to compare with: it is a mismatch too.
    let parity = distances.contains(where: \.isNaN) ? .nan : distances.max() ?? 0
    guard parity <= options.parityTolerance else {
      throw ReinforcementError.mismatch(
        step: position.step, difference: parity, tolerance: options.parityTolerance)
    }
    let base = try reference.logProbabilities(
      of: samples, rowLength: rowLength(samples), rowCount: options.rowsPerBatch)
    for index in samples.indices { (samples[index].old, samples[index].reference) = (old[index], base[index]) }
    return parity
  }

  /// The mean k3 estimate over all tokens, in nats.
  func divergence(of samples: [PolicySample]) -> Double {
    let distances = samples.flatMap { zip($0.reference, $0.old).map { Double($0) - Double($1) } }
    return distances.reduce(0) { $0 + exp($1) - $1 - 1 } / Double(max(distances.count, 1))
  }

  /// Moves the parameters as often as the options say; not at all if nothing is to be learnt.
  ///
  /// - Returns: Loss and norm of the gradient of the last update. Throws `diverged`.
  mutating func update(on samples: [PolicySample]) throws(TrainingError) -> (loss: Float, norm: Float) {
    guard !samples.isEmpty else { return (0, 0) }
    let batches = try DocumentBatch.pack(
      samples.map(\.document), rowLength: rowLength(samples), rowCount: options.rowsPerBatch)
    let rate = options.schedule.rate(at: position.step)
    var last: (loss: Float, norm: Float) = (0, 0)
    for _ in 0..<options.updates {
      let (loss, gradients) = try gradient(batches, samples)
      var parameters = model.trained.tensors
      let norm = loss.isFinite ? try optimizer.update(&parameters, gradients, learningRate: rate) : .nan
      guard norm.isFinite else { throw .diverged(step: position.step, loss: loss, gradientNorm: norm) }
      model = model.with(parameters)
      last = (loss, norm)
    }
    return last
  }

  /// Adds up the gradients of all batches; evaluated one by one, so that only one holds its activations.
  private func gradient(
    _ batches: [DocumentBatch], _ samples: [PolicySample]
  ) throws(TrainingError) -> (loss: Float, gradients: [Tensor]) {
    var (loss, gradients): (Float, [Tensor]) = (0, [])
    for batch in batches {
      let (value, own) = try Tensor.valueAndGradient(of: model.trained.tensors) { stand throws(TrainingError) in
        try model.with(stand).loss(of: batch, samples, by: options.objective)
      }
      let sums = gradients.isEmpty ? own : try zip(gradients, own).map(+)
      try Tensor.evaluate([value] + sums)
      gradients = sums
      loss += try value.item()
    }
    return (loss, gradients)
  }

  /// Long enough for the longest sample.
  private func rowLength(_ samples: [PolicySample]) -> Int {
    max(options.rowLength, samples.map { $0.tokens.count }.max() ?? 0)
  }
}
