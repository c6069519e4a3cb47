import TandemInference

/// Trains a model, or its adapter, on documents, one step at a time.
///
/// ```swift
/// var trainer = try Trainer(Llama(configuration, seed: 1), documents, options)
/// while let progress = try trainer.step() { print(progress.step, progress.loss) }
/// try trainer.model.save("nano.gguf", metadata: vocabulary)
/// ```
/// The same model, documents, options and number of threads give the same numbers, bit for bit; so does a run that
/// was stopped and continued from a checkpoint. Several processes (`join`) get the same result but for the order in which
/// gradients are added up.
package struct Trainer: Sendable {
  package internal(set) var model: Llama
  package let options: TrainingOptions
  package let objective: TrainingObjective
  /// Those that train the same model together; each computes its share of a step's batches.
  package internal(set) var group = ProcessGroup.alone
  let documents: [TrainingDocument]
  private(set) var optimizer: AdamW
  private(set) var order: DocumentOrder
  /// How kinds of documents are weighted, if there are kinds, and how they are now.
  let reweighting: Reweighting?
  var mixture: Reweighting.Mixture?
  /// Positions trained on, without padding.
  private(set) var tokens = 0
  private var (watch, watchedTokens, ownTokens) = (Stopwatch(), 0, 0)

  /// - Parameters:
  ///   - documents: One after another, as many for each example as the objective needs.
  ///   - reweighting: Kinds of documents whose weights follow a validation; only for likelihood.
  ///
  /// Throws `invalidOption` or `invalidDocument`.
  package init(
    _ model: Llama, _ documents: [TrainingDocument], _ options: TrainingOptions,
    by objective: TrainingObjective = .likelihood, _ reweighting: Reweighting? = nil
  ) throws(TrainingError) {
    try options.validate()
    try objective.validate()
    try reweighting?.validate(documents: documents)
    let examples = try objective.examples(
      of: documents, vocabularySize: model.configuration.vocabularySize, rowLength: options.rowLength)
    self.model = model
    self.options = options
    self.objective = objective
    self.reweighting = reweighting
    self.documents = documents
    optimizer = try AdamW(model.trained.tensors, options.optimizer)
    optimizer.kernels = model.kernels
    order = DocumentOrder(
      lengths: examples, rowLength: options.rowLength, rowsPerStep: options.rowsPerBatch, seed: options.seed)
  }

  /// Steps taken.
  package var stepCount: Int { optimizer.step }

  package var isComplete: Bool { optimizer.step == options.schedule.steps }

  /// Takes the next step, or returns nil after the last one.
  ///
  /// Throws `diverged` if the loss or the gradient is not a number; the model is then that of the step before.
  package mutating func step() throws(TrainingError) -> TrainingProgress? {
    guard !isComplete else { return nil }
    // 1. Pack the documents of this step, as they are weighted now.
    let mixture = try currentMixture()
    let documents = weighted(by: mixture)
    var order = order
    var batches: [DocumentBatch] = []
    let count = objective.documentsPerExample
    for _ in 0..<options.batchesPerStep {
      let rows = order.next().map { row in row.flatMap { count * $0..<count * ($0 + 1) } }
      batches.append(try DocumentBatch(documents, rows: rows, length: options.rowLength))
    }
    // 2. Add up the gradients of the losses, over this process's batches and then over all processes.
    var (loss, gradients): (Double, [Tensor]) = (0, [])
    var preference = PreferenceProgress.Sum()
    for (index, batch) in batches.enumerated() where group.takes(index) {
      let seed = SplitMix64.derive(options.seed, UInt64(optimizer.step * batches.count + index))
      let (found, batchGradients) = try gradient(batch, dropoutSeed: seed)
      // Evaluated batch by batch, so that only one holds its activations.
      let sums = gradients.isEmpty ? batchGradients : try zip(gradients, batchGradients).map(+)
      try Tensor.evaluate([found.value] + [found.seen].compactMap(\.self) + sums)
      gradients = sums
      loss += Double(try found.value.item())
      try preference.add(found.seen?.values() ?? [])
      ownTokens += batch.tokens.tokenCount
    }
    if group.size > 1 {
      let sums = try group.sum([Tensor([Float(loss)] + preference.numbers, shape: [4])] + gradients)
      let numbers = try sums[0].values()
      (loss, gradients) = (Double(numbers[0]), Array(sums.dropFirst()))
      preference = .init(numbers: Array(numbers.dropFirst()))
    }
    // 3. Move the parameters by the mean.
    let weight = batches.reduce(0.0) { $0 + objective.weight(of: $1) }
    let mean = Float(loss / weight)
    let rate = options.schedule.rate(at: optimizer.step + 1)
    var parameters = model.trained.tensors
    let norm =
      mean.isFinite
      ? try optimizer.update(&parameters, gradients, learningRate: rate, scale: Float(1 / weight)) : .nan
    guard norm.isFinite else { throw .diverged(step: optimizer.step + 1, loss: mean, gradientNorm: norm) }
    model = model.with(parameters)
    (self.order, self.mixture) = (order, mixture)
    let read = batches.reduce(0) { $0 + $1.tokens.tokenCount }
    (tokens, watchedTokens) = (tokens + read, watchedTokens + read)
    return progress(loss: mean, norm: norm, rate: rate, preference.mean)
  }

  /// Puts the state of a checkpoint of this run in place.
  mutating func restore(_ checkpoint: Checkpoint) {
    let kernels = optimizer.kernels
    optimizer = AdamW(
      first: checkpoint.first, second: checkpoint.second, step: checkpoint.run.step, options.optimizer)
    optimizer.kernels = kernels
    order.move(toEpoch: checkpoint.run.epoch, position: checkpoint.run.position)
    tokens = checkpoint.run.tokens
    mixture = checkpoint.run.mixture
  }

  private func gradient(
    _ batch: DocumentBatch, dropoutSeed: UInt64
  ) throws(TrainingError) -> (loss: Loss, gradients: [Tensor]) {
    var model = model
    if let adapter = model.adapter, adapter.configuration.dropout > 0 { model.adapter?.dropoutSeed = dropoutSeed }
    return try Tensor.gradient(of: model.trained.tensors) { [model] stand throws(TrainingError) in
      try model.with(stand).loss(of: batch, by: objective)
    }
  }

  private func progress(
    loss: Float, norm: Float, rate: Float, _ preference: PreferenceProgress?
  ) -> TrainingProgress {
    let (seconds, done) = (max(watch.seconds, 1e-9), Double(watchedTokens))
    let left = Double(options.schedule.steps - optimizer.step) * Double(tokens) / Double(optimizer.step)
    return TrainingProgress(
      step: optimizer.step, steps: options.schedule.steps, loss: loss, gradientNorm: norm, learningRate: rate,
      epoch: order.epoch, tokens: tokens, tokensPerSecond: done / seconds,
      tokensPerCPUSecond: Double(ownTokens) / max(watch.cpuSeconds, 1e-9), secondsLeft: left / done * seconds,
      peakMemory: MLX.peakMemory, preference: preference, longShare: mixture?.longShare)
  }
}
