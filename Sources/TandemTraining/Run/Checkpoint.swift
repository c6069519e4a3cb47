import FoundationEssentials

/// All that a run needs to continue as if it had not stopped: parameters, moments, data order and step, in one file.
package struct Checkpoint: Sendable {
  /// What is not a tensor. The file holds it as JSON under the key `run`.
  package struct Run: Sendable, Hashable, Codable {
    package var configuration: LlamaConfiguration
    package var options: TrainingOptions
    package var step: Int
    package var epoch: Int
    /// Rows of the epoch that were trained on.
    package var position: Int
    package var tokens: Int
    /// Tells these documents from others.
    package var documents: UInt64
    /// Where an adapter is trained, which one, and on which model; the model itself is not in the file.
    package var adapter: LoRAConfiguration?
    package var base: String?
    /// Nil for likelihood, as before there were others.
    package var objective: TrainingObjective?
    package var mixture: Reweighting.Mixture?

    /// The shapes of what is trained.
    var shapes: [(name: String, shape: [Int])] { adapter?.shapes(for: configuration) ?? configuration.shapes }
  }

  package let run: Run
  let parameters: Parameters
  let first: [Tensor]
  let second: [Tensor]

  /// Writes a safetensors file that is whole or not there. Throws `fileUnwritable`.
  package func write(to path: String) throws(TrainingError) {
    try CheckpointFile(description: run, parameters: parameters, first: first, second: second).write(
      to: path, as: "run")
  }

  /// Throws `fileUnreadable` or `fileInvalid`.
  package init(path: String) throws(TrainingError) {
    let file = try CheckpointFile<Run>(path: path, as: "run", kind: "a training run") { $0.shapes }
    self.init(file.description, file.parameters, first: file.first, second: file.second)
  }

  init(_ run: Run, _ parameters: Parameters, first: [Tensor], second: [Tensor]) {
    (self.run, self.parameters, self.first, self.second) = (run, parameters, first, second)
  }

  /// The model at this step; of an adapter's run, `base` with the adapter.
  ///
  /// Throws `invalidOption` if the run was another model's.
  package func model(on base: Llama?) throws(TrainingError) -> Llama {
    guard let adapter = run.adapter else { return Llama(run.configuration, parameters: parameters) }
    guard let base, let name = run.base, base.configuration == run.configuration else {
      throw .invalidOption(name: "model", reason: "must be the one that the run's adapter was begun on")
    }
    return try base.with(LoRA(adapter, parameters: parameters, base: name))
  }
}
