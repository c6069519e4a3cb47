import TandemInference

extension Trainer {
  /// The state after the last step.
  package var checkpoint: Checkpoint {
    let run = Checkpoint.Run(
      configuration: model.configuration, options: options, step: optimizer.step, epoch: order.epoch,
      position: order.position, tokens: tokens, documents: Self.fingerprint(of: documents),
      adapter: model.adapter?.configuration, base: model.adapter?.base,
      objective: objective == .likelihood ? nil : objective, mixture: mixture)
    return Checkpoint(run, model.trained, first: optimizer.first, second: optimizer.second)
  }

  /// Continues from where `checkpoint` was made, with the same documents.
  ///
  /// Throws `checkpointMismatch` if they are others: the order in which they were read would mean nothing. The run
  /// of an adapter needs its model as `base`, and throws `invalidOption` for another.
  package init(
    resuming checkpoint: Checkpoint, from path: String, _ documents: [TrainingDocument], on base: Llama? = nil,
    _ reweighting: Reweighting? = nil, kernels: Kernels = .automatic
  ) throws(TrainingError) {
    var model = try checkpoint.model(on: base)
    model.kernels = kernels
    try self.init(model, documents, checkpoint.run.options, by: checkpoint.run.objective ?? .likelihood, reweighting)
    guard Self.fingerprint(of: documents) == checkpoint.run.documents else {
      throw .checkpointMismatch(path: path, reason: "it was made with other documents")
    }
    guard (checkpoint.run.mixture == nil) == (reweighting == nil) || checkpoint.run.step == 0 else {
      throw .checkpointMismatch(path: path, reason: "only one of the two has documents of two kinds")
    }
    restore(checkpoint)
  }

  /// Over all tokens and weights.
  private static func fingerprint(of documents: [TrainingDocument]) -> UInt64 {
    var fingerprint = Fingerprint()
    func combine(_ value: UInt32) { fingerprint.combine(word: UInt64(value)) }
    for document in documents {
      combine(UInt32(truncatingIfNeeded: document.tokens.count))
      for token in document.tokens { combine(UInt32(bitPattern: token.rawValue)) }
      for weight in document.weights { combine(weight.bitPattern) }
      for token in document.alternatives + document.candidates { combine(UInt32(bitPattern: token.rawValue)) }
      for target in document.targets {
        for token in target.tokens { combine(UInt32(bitPattern: token.rawValue)) }
        for number in target.logProbabilities { combine(number.bitPattern) }
      }
    }
    return fingerprint.value
  }
}
