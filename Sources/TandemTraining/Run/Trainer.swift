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
  /// Those that train the same model together; each computes its share of a step's batches.
  package internal(set) var group = ProcessGroup.alone
  let documents: [TrainingDocument]
  private(set) var optimizer: AdamW
  private(set) var order: DocumentOrder
  /// Positions trained on, without padding.
  private(set) var tokens = 0
  private var (watch, watchedTokens, ownTokens) = (Stopwatch(), 0, 0)

  /// Throws `invalidOption` or `invalidDocument`.
  package init(_ model: Llama, _ documents: [TrainingDocument], _ options: TrainingOptions) throws(TrainingError) {
    try options.validate()
    guard !documents.isEmpty else { throw .invalidOption(name: "documents", reason: "are needed: there is none") }
    for (index, document) in documents.enumerated() {
      try document.validate(
        index: index, vocabularySize: model.configuration.vocabularySize, rowLength: options.rowLength)
    }
    self.model = model
    self.options = options
    self.documents = documents
    optimizer = try AdamW(model.trained.tensors, options.optimizer)
    optimizer.kernels = model.kernels
    order = DocumentOrder(
      lengths: documents.map(\.length), rowLength: options.rowLength, rowsPerStep: options.rowsPerBatch,
      seed: options.seed)
  }

  /// Steps taken.
  package var stepCount: Int { optimizer.step }

  package var isComplete: Bool { optimizer.step == options.schedule.steps }

  /// Takes the next step, or returns nil after the last one.
  ///
  /// Throws `diverged` if the loss or the gradient is not a number; the model is then that of the step before.
  package mutating func step() throws(TrainingError) -> TrainingProgress? {
    guard !isComplete else { return nil }
    // 1. Pack the documents of this step.
    var order = order
    var batches: [TokenBatch] = []
    for _ in 0..<options.batchesPerStep {
      let rows = order.next().map { row in row.map { documents[$0] } }
      batches.append(try TokenBatch(rows: rows, length: options.rowLength))
    }
    // 2. Add up the gradients of the weighted sum of -ln p, over this process's batches and then over all processes.
    var (loss, gradients): (Double, [Tensor]) = (0, [])
    for (index, batch) in batches.enumerated() where group.takes(index) {
      let seed = SplitMix64.derive(options.seed, UInt64(optimizer.step * batches.count + index))
      let (value, batchGradients) = try gradient(batch, dropoutSeed: seed)
      // Evaluated batch by batch, so that only one holds its activations.
      let sums = gradients.isEmpty ? batchGradients : try zip(gradients, batchGradients).map(+)
      try Tensor.evaluate([value] + sums)
      gradients = sums
      loss += Double(try value.item())
      ownTokens += batch.tokenCount
    }
    if group.size > 1 {
      let sums = try group.sum([Tensor(Float(loss))] + gradients)
      (loss, gradients) = (Double(try sums[0].item()), Array(sums.dropFirst()))
    }
    // 3. Move the parameters by the mean.
    let weight = batches.reduce(0.0) { $0 + Double($1.totalWeight) }
    let mean = Float(loss / weight)
    let rate = options.schedule.rate(at: optimizer.step + 1)
    var parameters = model.trained.tensors
    let norm =
      mean.isFinite
      ? try optimizer.update(&parameters, gradients, learningRate: rate, scale: Float(1 / weight)) : .nan
    guard norm.isFinite else { throw .diverged(step: optimizer.step + 1, loss: mean, gradientNorm: norm) }
    model = model.with(parameters)
    self.order = order
    let count = batches.reduce(0) { $0 + $1.tokenCount }
    (tokens, watchedTokens) = (tokens + count, watchedTokens + count)
    return progress(loss: mean, norm: norm, rate: rate)
  }

  /// Puts the state of a checkpoint of this run in place.
  mutating func restore(_ checkpoint: Checkpoint) {
    let kernels = optimizer.kernels
    optimizer = AdamW(
      first: checkpoint.first, second: checkpoint.second, step: checkpoint.run.step, options.optimizer)
    optimizer.kernels = kernels
    order.move(toEpoch: checkpoint.run.epoch, position: checkpoint.run.position)
    tokens = checkpoint.run.tokens
  }

  private func gradient(
    _ batch: TokenBatch, dropoutSeed: UInt64
  ) throws(TrainingError) -> (value: Tensor, gradients: [Tensor]) {
    var model = model
    if let adapter = model.adapter, adapter.configuration.dropout > 0 { model.adapter?.dropoutSeed = dropoutSeed }
    return try Tensor.valueAndGradient(of: model.trained.tensors) { [model] stand throws(TrainingError) in
      try model.with(stand).loss(of: batch)
    }
  }

  private func progress(loss: Float, norm: Float, rate: Float) -> TrainingProgress {
    let (seconds, done) = (max(watch.seconds, 1e-9), Double(watchedTokens))
    let left = Double(options.schedule.steps - optimizer.step) * Double(tokens) / Double(optimizer.step)
    return TrainingProgress(
      step: optimizer.step, steps: options.schedule.steps, loss: loss, gradientNorm: norm, learningRate: rate,
      epoch: order.epoch, tokens: tokens, tokensPerSecond: done / seconds,
      tokensPerCPUSecond: Double(ownTokens) / max(watch.cpuSeconds, 1e-9), secondsLeft: left / done * seconds,
      peakMemory: MLX.peakMemory)
  }
}
