/// Step-level length control (SCPO of SmartThinker, arXiv:2507.04348): what is long and matters little for the answer is made
/// shorter, and not the thinking as a whole.
///
/// Beside the advantage of its outcome, a token of thinking has one of its step. Of a right completion with steps of n_i tokens and
/// importances I_i (`StepPruning.importance`, PIR's: how much less likely the answer is without the step):
/// - the share that is charged: c_i = 1 - max(I_i, 0) / max_j max(I_j, 0), or 1 if no step helps
/// - the reward: r_i = -w c_i n_i / L, where L is the most tokens of a completion
/// - the return, by generalised advantage estimation without a value function: G_i = r_i + λ G_(i+1)
/// - the advantage: G_i less the mean of all steps of the group's right completions
///
/// A wrong completion has none, since its length is not its fault. The clip adapts to the difficulty of a prompt: a ratio may
/// rise by ε_high + g (1 - p), where p is the group's share of right completions, so that rare right answers may grow faster.
///
/// The paper's abstract names these four parts: an online importance estimator, a step-level reward, S-GAE, and the adaptive
/// clip. Its formulas were not to be had: all of the above, and w, λ and g, are ours. Another paper of the same name
/// (arXiv:2603.08000) does something else.
package struct StepLengthControl: Sendable, Hashable, Codable {
  /// w: what a step as long as the limit, and of no importance, costs; a right answer earns 1.
  package var stepWeight: Double
  /// λ: how much of the return of the next step counts for a step.
  package var stepDecay: Double
  /// g: by how much the upper clip is wider for a prompt that is never solved.
  package var clipGrowth: Float

  package init(stepWeight: Double = 0.5, stepDecay: Double = 0.5, clipGrowth: Float = 0.2) {
    (self.stepWeight, self.stepDecay, self.clipGrowth) = (stepWeight, stepDecay, clipGrowth)
  }

  /// r_i of the steps of a right completion.
  package func rewards(lengths: [Int], importances: [Double], limit: Int) -> [Double] {
    let most = importances.reduce(0, max)
    return zip(lengths, importances).map { length, importance in
      let charged = most > 0 ? 1 - max(importance, 0) / most : 1
      return -stepWeight * charged * Double(length) / Double(limit)
    }
  }

  /// G_i, from r_i.
  package func returns(_ rewards: [Double]) -> [Double] {
    var (returns, next) = (rewards, 0.0)
    for step in rewards.indices.reversed() {
      next = rewards[step] + stepDecay * next
      returns[step] = next
    }
    return returns
  }

  /// The advantage of each step of a group's right completions, from their G_i.
  package func advantages(_ returns: [[Double]]) -> [[Double]] {
    let all = returns.joined()
    guard !all.isEmpty else { return returns }
    let mean = all.reduce(0, +) / Double(all.count)
    return returns.map { $0.map { $0 - mean } }
  }

  /// What is added to ε_high for a prompt that is solved so often.
  package func clipGrowth(passRate: Double) -> Float { clipGrowth * Float(1 - passRate) }

  /// Throws `invalidOption`, naming the first option that makes no sense.
  func validate() throws(TrainingError) {
    guard 0...1000 ~= stepWeight else {
      throw .invalidOption(name: "stepWeight", reason: "must be from 0 to 1000, not \(stepWeight)")
    }
    guard 0...1 ~= stepDecay else {
      throw .invalidOption(name: "stepDecay", reason: "must be from 0 to 1, not \(stepDecay)")
    }
    guard 0...100 ~= clipGrowth else {
      throw .invalidOption(name: "clipGrowth", reason: "must be from 0 to 100, not \(clipGrowth)")
    }
  }
}
