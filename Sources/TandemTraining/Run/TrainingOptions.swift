/// How a model is trained on documents.
package struct TrainingOptions: Sendable, Hashable, Codable {
  package var schedule: CosineSchedule
  package var optimizer: AdamW.Options
  /// Positions of one row. On the CPU, long rows cost nothing: attention stays within documents.
  package var rowLength: Int
  /// Rows that are computed at once.
  package var rowsPerBatch: Int
  /// Batches whose gradients are added up before the parameters move; those that several processes share.
  package var batchesPerStep: Int
  /// Of the order of documents. The model's own seed is chosen where it is made.
  package var seed: UInt64

  package init(
    schedule: CosineSchedule, optimizer: AdamW.Options = .init(), rowLength: Int = 4096, rowsPerBatch: Int = 1,
    batchesPerStep: Int = 1, seed: UInt64 = 0
  ) {
    self.schedule = schedule
    self.optimizer = optimizer
    self.rowLength = rowLength
    self.rowsPerBatch = rowsPerBatch
    self.batchesPerStep = batchesPerStep
    self.seed = seed
  }

  /// Positions that one step moves the parameters by, padding included.
  package var positionsPerStep: Int { rowLength * rowsPerBatch * batchesPerStep }

  /// Throws `invalidOption`, naming the first option that makes no sense.
  package func validate() throws(TrainingError) {
    func check<Value: Comparable>(_ name: String, _ value: Value, _ range: ClosedRange<Value>) throws(TrainingError) {
      guard range.contains(value) else {
        let rule = "must be from \(range.lowerBound) to \(range.upperBound)"
        throw .invalidOption(name: name, reason: "\(rule), not \(value)")
      }
    }
    try check("schedule.peak", schedule.peak, 0...10)
    try check("schedule.steps", schedule.steps, 1...1_000_000_000)
    try check("schedule.warmUp", schedule.warmUp, 0...schedule.steps)
    try check("schedule.floor", schedule.floor, 0...1)
    try check("rowLength", rowLength, 1...1_048_576)
    try check("rowsPerBatch", rowsPerBatch, 1...65536)
    try check("batchesPerStep", batchesPerStep, 1...65536)
    try check("optimizer.beta1", optimizer.beta1, 0...0.9999)
    try check("optimizer.beta2", optimizer.beta2, 0...0.99999)
    try check("optimizer.epsilon", optimizer.epsilon, 1e-12...1)
    try check("optimizer.weightDecay", optimizer.weightDecay, 0...10)
    try check("optimizer.clip", optimizer.clip, 1e-6...Float.greatestFiniteMagnitude)
  }
}
