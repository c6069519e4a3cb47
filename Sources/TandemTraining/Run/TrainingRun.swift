import FoundationEssentials

/// A training run with a folder: its checkpoint, its log and its loss curve.
///
/// ```
/// FOLDER/checkpoint.safetensors   the last one; replaced in one go
/// FOLDER/log.jsonl                one `TrainingProgress` a line
/// FOLDER/loss.html                the curve, for a browser
/// ```
/// Of several processes that train together, the first one alone reads and writes it.
package struct TrainingRun: Sendable {
  package let folder: String
  /// Steps between two checkpoints.
  package var checkpointInterval: Int
  /// Steps between two lines of the log.
  package var logInterval: Int

  package init(folder: String, checkpointInterval: Int = 500, logInterval: Int = 10) {
    self.folder = folder
    self.checkpointInterval = checkpointInterval
    self.logInterval = logInterval
  }

  package var checkpointPath: String { "\(folder)/checkpoint.safetensors" }
  package var logPath: String { "\(folder)/log.jsonl" }
  package var curvePath: String { "\(folder)/loss.html" }

  /// A trainer that continues from this folder's checkpoint, or nil if there is none; `base` is an adapter's model.
  package func resumed(
    _ documents: [TrainingDocument], on base: Llama? = nil, _ reweighting: Reweighting? = nil
  ) throws(TrainingError) -> Trainer? {
    guard FileManager.default.fileExists(atPath: checkpointPath) else { return nil }
    return try Trainer(
      resuming: Checkpoint(path: checkpointPath), from: checkpointPath, documents, on: base, reweighting)
  }

  /// Trains to the end, or until `isStopped` says so after a step; returns whether it reached the end.
  ///
  /// Checkpoints are kept at their interval and when the run ends. If training diverges, the last one stays and
  /// `diverged` is thrown. Losses of log and curve are means since the line before. If one of several processes is to
  /// stop, all stop after the same step.
  @discardableResult
  package func train(
    _ trainer: inout Trainer, onProgress: (TrainingProgress) -> Void = { _ in }, isStopped: () -> Bool = { false }
  ) throws(TrainingError) -> Bool {
    guard trainer.group.isFirst else {
      while try !trainer.group.any(isStopped()), let progress = try trainer.step() { onProgress(progress) }
      return trainer.isComplete
    }
    try TrainingFile.makeFolder(folder)
    var log = try TrainingLog<TrainingProgress>(path: logPath, upTo: trainer.stepCount)
    var steps: [TrainingProgress] = []
    while try !trainer.group.any(isStopped()) {
      guard let progress = try trainer.step() else { break }
      onProgress(progress)
      steps.append(progress)
      let isLast = progress.step == progress.steps
      if progress.step.isMultiple(of: logInterval) || isLast {
        var line = progress
        line.loss = steps.reduce(0) { $0 + $1.loss } / Float(steps.count)
        line.preference = .mean(of: steps.compactMap(\.preference))
        steps = []
        try log.append(line)
      }
      if progress.step.isMultiple(of: checkpointInterval) || isLast { try save(trainer, log) }
    }
    if !trainer.isComplete { try save(trainer, log) }
    return trainer.isComplete
  }

  private func save(_ trainer: Trainer, _ log: TrainingLog<TrainingProgress>) throws(TrainingError) {
    try trainer.checkpoint.write(to: checkpointPath)
    try TrainingFile.write(Data(LossCurve(log.lines).html.utf8), to: curvePath)
  }
}
