package import TandemRewards

/// What can go wrong between documents and a trained model.
package enum TrainingError: Error, Sendable, Hashable {
  /// MLX refused an operation; `reason` is its own message.
  case operation(name: String, reason: String)
  case parameterMissing(name: String)
  case parameterShape(name: String, found: [Int], expected: [Int])
  case fileUnreadable(path: String, reason: String)
  case fileUnwritable(path: String, reason: String)
  /// The file can be read, and is not what it should be.
  case fileInvalid(path: String, reason: String)
  case invalidOption(name: String, reason: String)
  case reward(RewardError)
  /// A prompt of the data that the reward can't be computed for.
  case unrewardable(prompt: String, cause: RewardError)
  /// A document that can't be trained on; `index` counts from 0.
  case invalidDocument(index: Int, reason: String)
  /// The loss or the gradient stopped being a number. The parameters are still those of the step before.
  case diverged(step: Int, loss: Float, gradientNorm: Float)
  /// A checkpoint of another run: `reason` says what differs.
  case checkpointMismatch(path: String, reason: String)
}

extension TrainingError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .operation(let name, let reason):
      "MLX could not do \(name): \(reason)."
    case .parameterMissing(let name):
      "The model has no parameter \(name)."
    case .parameterShape(let name, let found, let expected):
      "The parameter \(name) is \(found); its configuration asks for \(expected)."
    case .fileUnreadable(let path, let reason):
      "\(path) can't be read: \(reason)."
    case .fileUnwritable(let path, let reason):
      "\(path) can't be written: \(reason)."
    case .fileInvalid(let path, let reason):
      "\(path) can't be used: \(reason)."
    case .invalidOption(let name, let reason):
      "\(name) \(reason)."
    case .reward(let error):
      error.description
    case .unrewardable(let prompt, let cause):
      "\(cause.reason); the prompt is '\(prompt)'."
    case .invalidDocument(let index, let reason):
      "Document \(index) can't be trained on: \(reason)."
    case .diverged(let step, let loss, let gradientNorm):
      "Training diverged at step \(step): the loss is \(loss), the norm of the gradient \(gradientNorm). "
        + "Continue from the last checkpoint with a lower learning rate."
    case .checkpointMismatch(let path, let reason):
      "The checkpoint \(path) belongs to another run: \(reason)."
    }
  }
}
