import FoundationEssentials
import TandemInference
import TandemSupport

/// All that a run needs to go on as if it had not stopped: parameters, moments, position, alarm, in one file.
package struct PolicyCheckpoint: Sendable {
  /// What is not a tensor. The file holds it as JSON under the key `policy`.
  struct Run: Sendable, Codable {
    var configuration: LlamaConfiguration
    var options: PolicyOptions
    var position: PolicyTrainer.Position
    var alarm: CollapseAlarm
    /// Updates of the optimiser.
    var updates: Int
    /// Tells the model that training began with from others, and the problems.
    var reference: UInt64
    var practice: UInt64
    /// Where an adapter is trained, which one; the model that it is on is not in the file.
    var adapter: LoRAConfiguration?

    var shapes: [(name: String, shape: [Int])] { adapter?.shapes(for: configuration) ?? configuration.shapes }
  }

  let run: Run
  let parameters: Parameters
  let first: [Tensor]
  let second: [Tensor]

  package var step: Int { run.position.step }

  /// Writes a safetensors file that is whole or not there. Throws `fileUnwritable`.
  package func write(to path: String) throws(TrainingError) {
    try CheckpointFile(description: run, parameters: parameters, first: first, second: second).write(
      to: path, as: "policy")
  }

  /// Throws `fileUnreadable` or `fileInvalid`.
  package init(path: String) throws(TrainingError) {
    let file = try CheckpointFile<Run>(path: path, as: "policy", kind: "training by reinforcement") {
      $0.shapes
    }
    self.init(file.description, file.parameters, first: file.first, second: file.second)
  }

  init(_ run: Run, _ parameters: Parameters, first: [Tensor], second: [Tensor]) {
    (self.run, self.parameters, self.first, self.second) = (run, parameters, first, second)
  }
}

extension PolicyTrainer {
  /// The state after the last step.
  package func checkpoint() throws(TrainingError) -> PolicyCheckpoint {
    let run = PolicyCheckpoint.Run(
      configuration: model.configuration, options: options, position: position, alarm: alarm, updates: optimizer.step,
      reference: try Self.fingerprint(of: reference), practice: practiceFingerprint,
      adapter: model.adapter?.configuration)
    return PolicyCheckpoint(run, model.trained, first: optimizer.first, second: optimizer.second)
  }

  /// Takes the place of `checkpoint`, made by a trainer that began as this one did.
  ///
  /// Throws `checkpointMismatch` where model, problems or options are others.
  package mutating func restore(_ checkpoint: PolicyCheckpoint, from path: String) throws(TrainingError) {
    func check(_ isEqual: Bool, _ reason: String) throws(TrainingError) {
      guard isEqual else { throw .checkpointMismatch(path: path, reason: reason) }
    }
    let run = checkpoint.run
    try check(run.adapter == model.adapter?.configuration, "its adapter is another; choose another folder")
    try check(run.reference == Self.fingerprint(of: reference), "it began with another model")
    try check(run.practice == practiceFingerprint, "it was made with other problems")
    try check((try? run.options.json()) == (try? options.json()), "its options are others; choose another folder")
    model = model.with(checkpoint.parameters.tensors)
    let kernels = optimizer.kernels
    optimizer = AdamW(first: checkpoint.first, second: checkpoint.second, step: run.updates, options.optimizer)
    optimizer.kernels = kernels
    (position, alarm) = (run.position, run.alarm)
  }

  private var practiceFingerprint: UInt64 {
    var fingerprint = Fingerprint()
    fingerprint.combine("\(practice.fingerprint)".utf8)
    if let validation { fingerprint.combine("\(validation.fingerprint)".utf8) }
    return fingerprint.value
  }

  /// Of all of its numbers, those of an adapter included.
  private static func fingerprint(of model: Llama) throws(TrainingError) -> UInt64 {
    var fingerprint = Fingerprint()
    for tensor in model.parameters.tensors + (model.adapter?.parameters.tensors ?? []) {
      for value in try tensor.values() {
        for shift in stride(from: UInt32(0), to: 32, by: 8) {
          fingerprint.combine(UInt8(truncatingIfNeeded: value.bitPattern >> shift))
        }
      }
    }
    return fingerprint.value
  }
}
