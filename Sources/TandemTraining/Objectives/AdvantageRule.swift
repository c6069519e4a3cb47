/// How rewards of one prompt's completions become advantages: by comparison within the group (GRPO, arXiv:2402.03300,
/// 4.1.2).
package struct AdvantageRule: Sendable, Hashable, Codable {
  package enum Scale: String, Sendable, Hashable, Codable, CaseIterable {
    /// (r − mean) / standard deviation, as GRPO has it. Groups that nearly agree count as much as others.
    case deviation
    /// r − mean (Dr. GRPO, arXiv:2503.20783, 3.2): the scale of the reward stays.
    case mean
    /// r minus the mean of the others' (RLOO, arXiv:2402.14740): r − mean, times n / (n − 1).
    case leaveOneOut = "leave-one-out"
  }

  package var scale = Scale.deviation
  /// Takes advantages below zero for zero: learns from the better half only.
  package var isPositiveOnly = false

  package init(scale: Scale = .deviation, isPositiveOnly: Bool = false) {
    self.scale = scale
    self.isPositiveOnly = isPositiveOnly
  }

  /// The advantage of each of a group's completions; all zero if the rewards are equal.
  package func advantages(of rewards: [Double]) -> [Double] {
    guard let first = rewards.first, rewards.contains(where: { $0 != first }) else {
      return rewards.map { _ in 0 }
    }
    let mean = rewards.reduce(0, +) / Double(rewards.count)
    let divisor =
      switch scale {
      case .mean: 1.0
      case .leaveOneOut: 1 - 1 / Double(rewards.count)
      // Of the group itself, not an estimate for a larger one; above zero, since rewards differ.
      case .deviation:
        (rewards.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(rewards.count)).squareRoot()
      }
    return rewards.map { reward in
      let advantage = (reward - mean) / divisor
      return isPositiveOnly ? max(advantage, 0) : advantage
    }
  }
}
