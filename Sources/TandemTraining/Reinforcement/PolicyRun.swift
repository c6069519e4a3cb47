import FoundationEssentials

/// Training by reinforcement with a folder: its checkpoint, its log and its report.
///
/// ```
/// FOLDER/checkpoint.safetensors   the last good one; replaced in one go
/// FOLDER/log.jsonl                one `PolicyProgress` a line
/// FOLDER/report.html              the curves, for a browser
/// FOLDER/weights.gguf             what the engine samples from, with weights-adapter.gguf where that is trained
/// ```
package struct PolicyRun: Sendable {
  package let folder: String
  /// Steps between two checkpoints.
  package var checkpointInterval: Int

  package init(folder: String, checkpointInterval: Int = 10) {
    self.folder = folder
    self.checkpointInterval = checkpointInterval
  }

  package var checkpointPath: String { "\(folder)/checkpoint.safetensors" }
  package var logPath: String { "\(folder)/log.jsonl" }
  package var reportPath: String { "\(folder)/report.html" }

  /// Where the engine finds `model` while it is trained.
  package func files(for model: Llama) -> PolicyFiles {
    PolicyFiles(
      weights: "\(folder)/weights.gguf", adapter: model.adapter == nil ? nil : "\(folder)/weights-adapter.gguf")
  }

  /// Creates the folder, and restores `trainer` from its checkpoint if there is one.
  package func prepare(_ trainer: inout PolicyTrainer) throws(TrainingError) {
    try TrainingFile.makeFolder(folder)
    guard FileManager.default.fileExists(atPath: checkpointPath) else { return }
    try trainer.restore(PolicyCheckpoint(path: checkpointPath), from: checkpointPath)
  }

  /// Trains to the end, or until `isStopped` says so after a step; returns whether it reached the end.
  ///
  /// A state is good once a step from it left the alarm calm: what a model is worth is seen when it is sampled. If
  /// training collapses, diverges or does not agree with the engine, the last good state is kept, and the error thrown.
  /// So it is while the alarm is not calm: a run that is killed or stopped then continues from there. The final
  /// state of a run is kept in any case.
  @discardableResult
  package func train(
    _ trainer: inout PolicyTrainer, onProgress: (PolicyProgress) -> Void = { _ in }, isStopped: () -> Bool = { false }
  ) async throws -> Bool {
    var log = try TrainingLog<PolicyProgress>(path: logPath, upTo: trainer.stepCount)
    var good = try trainer.checkpoint()
    while !isStopped() {
      let before = try trainer.checkpoint()
      do {
        guard let progress = try await trainer.step() else { break }
        try log.append(progress)
        onProgress(progress)
      } catch {
        if isStopped() { break }  // the engine was interrupted; the step did not happen
        try save(good, log)
        throw error
      }
      if trainer.alarm.isCalm { good = before }
      if trainer.stepCount.isMultiple(of: checkpointInterval) { try save(good, log) }
    }
    let isComplete = trainer.stepCount == trainer.options.schedule.steps
    try save(isComplete || trainer.alarm.isCalm ? trainer.checkpoint() : good, log)
    return isComplete
  }

  private func save(_ checkpoint: PolicyCheckpoint, _ log: TrainingLog<PolicyProgress>) throws(TrainingError) {
    try checkpoint.write(to: checkpointPath)
    try TrainingFile.write(Data(PolicyReport(log.lines).html.utf8), to: reportPath)
  }
}
