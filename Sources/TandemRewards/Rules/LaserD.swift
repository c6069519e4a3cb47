/// LASER with a target for each of three bands of difficulty, by the group's accuracy.
package protocol BandedReward: LengthReward {
  /// What training begins with, as shares of the limit.
  var targets: LaserTargets { get }
  var bonus: Double { get }
  /// Whether a completion earns the bonus. `isShort`: whether it is at most as long as the target of its group.
  func earnsBonus(_ outcome: RewardOutcome, isShort: Bool) -> Bool
  /// The twin of `earnsBonus`: an expression of `outcome` and `is_short`.
  static var pythonEarnsBonus: String { get }
}

extension BandedReward {
  package static var needs: Set<RewardStatistic> { [.targets] }
  package static var comparesGroup: Bool { true }

  package func rewards(of group: [RewardOutcome], _ context: RewardContext) -> [Reward] {
    let share = (context.targets ?? targets)[LaserTargets.Band(accuracy: group.accuracy)]
    let target = share * Double(context.limit)
    return group.map { outcome in
      let earns = earnsBonus(outcome, isShort: Double(outcome.length) <= target)
      return Reward(accuracy: Laser.accuracy(outcome), length: earns ? bonus : 0)
    }
  }

  package static var python: String {
    """
    \(LaserTargets.python)
    found = []
    for outcome in group:
        is_short = outcome.length <= target
        earns = \(pythonEarnsBonus)
        found.append((\(Laser.pythonAccuracy), BONUS if earns else 0))
    return found
    """
  }
}

/// LASER-D (arXiv:2505.15612): LASER with a target for each band of difficulty, chosen again and again by completions of
/// validation problems.
///
/// `PolicyTrainer` does that every 20 steps, as published (`LaserTargets.adapted`); the targets that it begins with are
/// ours. In the server and in exported Python they stay what they are set to.
package struct LaserD: BandedReward {
  package static let name = "laser-d"
  package static let formula =
    "LASER with a target for each of three bands of the group's accuracy; \(LaserTargets.origin)"

  package var targets = LaserTargets()
  package var bonus = 0.5

  package init() {}

  package func earnsBonus(_ outcome: RewardOutcome, isShort: Bool) -> Bool { outcome.isCorrect && isShort }

  package static let pythonEarnsBonus = "outcome.is_correct and is_short"
}

/// LASER-DE (arXiv:2505.15612): LASER-D that also gives the bonus to a wrong answer above its target, to encourage
/// exploration, unless it repeats itself.
package struct LaserDE: BandedReward {
  package static let name = "laser-de"
  package static let formula =
    "LASER-D with the bonus also for a long wrong answer that does not repeat itself; \(LaserTargets.origin)"

  package var targets = LaserTargets()
  package var bonus = 0.5

  package init() {}

  package func earnsBonus(_ outcome: RewardOutcome, isShort: Bool) -> Bool {
    outcome.isCorrect ? isShort : !isShort && !outcome.isRepetitive
  }

  package static let pythonEarnsBonus =
    "is_short if outcome.is_correct else not is_short and not outcome.is_repetitive"
}
