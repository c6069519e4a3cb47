/// LASER with a target for each of three bands of difficulty, by the group's accuracy.
package protocol BandedReward: LengthReward {
  /// What training begins with, as shares of the limit.
  var targets: LaserTargets { get }
}

extension BandedReward {
  package static var needs: Set<RewardStatistic> { [.targets] }

  /// The target of a group in tokens.
  fileprivate func target(of group: [RewardOutcome], _ context: RewardContext) -> Double {
    (context.targets ?? targets)[LaserTargets.Band(accuracy: group.accuracy)] * Double(context.limit)
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
  package static let comparesGroup = true

  package var targets = LaserTargets()
  package var bonus = 0.5

  package init() {}

  package func rewards(of group: [RewardOutcome], _ context: RewardContext) -> [Reward] {
    let target = target(of: group, context)
    return group.map { outcome in
      Reward(
        accuracy: Laser.accuracy(outcome), length: outcome.isCorrect && Double(outcome.length) <= target ? bonus : 0)
    }
  }

  package static let python = """
    \(LaserTargets.python)
    found = []
    for outcome in group:
        is_short = outcome.length <= target
        found.append((\(Laser.pythonAccuracy), BONUS if outcome.is_correct and is_short else 0))
    return found
    """
}

/// LASER-DE (arXiv:2505.15612): LASER-D that also gives the bonus to a wrong answer above its target, to encourage
/// exploration, unless it repeats itself.
package struct LaserDE: BandedReward {
  package static let name = "laser-de"
  package static let formula =
    "LASER-D with the bonus also for a long wrong answer that does not repeat itself; \(LaserTargets.origin)"
  package static let comparesGroup = true

  package var targets = LaserTargets()
  package var bonus = 0.5

  package init() {}

  package func rewards(of group: [RewardOutcome], _ context: RewardContext) -> [Reward] {
    let target = target(of: group, context)
    return group.map { outcome in
      let isShort = Double(outcome.length) <= target
      let earns = outcome.isCorrect ? isShort : !isShort && !outcome.isRepetitive
      return Reward(accuracy: Laser.accuracy(outcome), length: earns ? bonus : 0)
    }
  }

  package static let python = """
    \(LaserTargets.python)
    found = []
    for outcome in group:
        is_short = outcome.length <= target
        earns = is_short if outcome.is_correct else not is_short and not outcome.is_repetitive
        found.append((\(Laser.pythonAccuracy), BONUS if earns else 0))
    return found
    """
}
