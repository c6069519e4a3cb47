/// What stops training by reinforcement.
package enum ReinforcementError: Error, Sendable, Hashable {
  /// Trainer and engine do not compute the same model.
  case mismatch(step: Int, difference: Float, tolerance: Float)
  /// The policy fell apart.
  case collapsed(step: Int, reason: String)
  /// The engine gave something that can't be learnt from.
  case invalidRollout(step: Int, reason: String)
}

extension ReinforcementError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .mismatch(let step, let difference, let tolerance):
      "At step \(step) the log-probabilities of trainer and engine are \(difference) apart, and \(tolerance) is allowed. "
        + "The engine runs other weights, another architecture or too coarse a number format; the model was not changed."
    case .collapsed(let step, let reason):
      "The policy collapsed at step \(step): \(reason). The checkpoint is that of the last good step. Continue from it "
        + "with a lower learning rate, a larger KL weight or larger groups."
    case .invalidRollout(let step, let reason):
      "At step \(step) the engine gave a completion that can't be learnt from: \(reason)."
    }
  }
}
