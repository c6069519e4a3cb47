/// LASER-D (arXiv:2505.15612): LASER with a target for each of three bands of difficulty, told by the group's accuracy.
package struct LaserD: LengthReward {
  package static let name = "laser-d"

  package var targets = LaserTargets()
  package var bonus = 0.5

  package init() {}

  package func rewards(of group: [Outcome], _ context: RewardContext) -> [Reward] {
    let target = targets[LaserTargets.Band(accuracy: group.accuracy)] * Double(context.limit)
    return group.map { outcome in
      Reward(
        accuracy: Laser.accuracy(outcome), length: outcome.isCorrect && Double(outcome.length) <= target ? bonus : 0)
    }
  }
}

/// LASER-DE (arXiv:2505.15612): LASER-D that also gives the bonus to a wrong answer above its target, to encourage
/// exploration, unless it repeats itself.
package struct LaserDE: LengthReward {
  package static let name = "laser-de"

  package var targets = LaserTargets()
  package var bonus = 0.5

  package init() {}

  package func rewards(of group: [Outcome], _ context: RewardContext) -> [Reward] {
    let target = targets[LaserTargets.Band(accuracy: group.accuracy)] * Double(context.limit)
    return group.map { outcome in
      let isShort = Double(outcome.length) <= target
      let earns = outcome.isCorrect ? isShort : !isShort && !outcome.isRepetitive
      return Reward(accuracy: Laser.accuracy(outcome), length: earns ? bonus : 0)
    }
  }
}
