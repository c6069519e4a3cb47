/// How the probability of a row with `matchShare` was found: a line of a run's `calibrations.jsonl`.
///
/// The target is the other row's share in this run. The pilot has a seed that the plan does not have,
/// and problems that the plan does not run where the task has any left, so that no result of the control is used twice.
package struct Calibration: Sendable, Hashable, Codable {
  package var task: String
  /// The row that was calibrated.
  package var row: String
  /// The row whose share it has to match.
  package var target: String
  /// The large model's share of the target's kept thinking, over all its records of this task.
  package var targetShare: Double
  /// The probability that was found, and that all records of the row have among their settings.
  package var probability: Double
  /// The trials of the pilot, in their order.
  package var trials: [Trial]
  /// The seed of the pilot, and how many problems it had.
  package var seed: UInt64
  package var problems: Int
  /// Whether the pilot's problems are others than those of the plan.
  package var isHeldOut: Bool

  /// A probability, and the share that it gave.
  package struct Trial: Sendable, Hashable, Codable {
    package var probability: Double
    package var share: Double

    package init(probability: Double, share: Double) {
      self.probability = probability
      self.share = share
    }
  }

  package init(
    task: String, row: String, target: String, targetShare: Double, probability: Double, trials: [Trial], seed: UInt64,
    problems: Int, isHeldOut: Bool
  ) {
    self.task = task
    self.row = row
    self.target = target
    self.targetShare = targetShare
    self.probability = probability
    self.trials = trials
    self.seed = seed
    self.problems = problems
    self.isHeldOut = isHeldOut
  }
}
