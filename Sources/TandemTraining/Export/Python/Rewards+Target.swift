// Rules with a target length, and the rule that waits for accuracy.

extension Laser {
  package static let formula = "1, -0.5 where it is wrong, -1 where it is cut; a bonus where it is right and L <= L_T"
  package static let comparesGroup = false
  package static let python = """
    found = []
    for outcome in group:
        is_short = outcome.length <= TARGET * context.limit
        found.append((\(laserAccuracy), BONUS if outcome.is_correct and is_short else 0))
    return found
    """

  fileprivate static let laserAccuracy = "-1 if outcome.is_cut else 1 if outcome.is_correct else -0.5"
}

extension LaserD {
  package static let formula =
    "LASER with a target for each of three bands of the group's accuracy; \(LaserTargets.origin)"
  package static let comparesGroup = true
  package static let python = """
    \(LaserTargets.python)
    found = []
    for outcome in group:
        is_short = outcome.length <= target
        found.append((\(Laser.laserAccuracy), BONUS if outcome.is_correct and is_short else 0))
    return found
    """
}

extension LaserDE {
  package static let formula =
    "LASER-D with the bonus also for a long wrong answer that does not repeat itself; \(LaserTargets.origin)"
  package static let comparesGroup = true
  package static let python = """
    \(LaserTargets.python)
    found = []
    for outcome in group:
        is_short = outcome.length <= target
        earns = is_short if outcome.is_correct else not is_short and not outcome.is_repetitive
        found.append((\(Laser.laserAccuracy), BONUS if earns else 0))
    return found
    """
}

extension LaserTargets {
  fileprivate static let origin = "the targets' defaults are ours, and move in Tandem's own training only"

  fileprivate static let python = """
    accuracy = accuracy_of(group)
    band = "easy" if accuracy >= 2 / 3 else "middle" if accuracy >= 1 / 3 else "hard"
    target = TARGETS[band] * context.limit
    """
}

extension AALC {
  package static let formula =
    "(0.9 + 0.1 (1 - a)) * 1[correct] + alpha * (1 - min(a^beta, L / L_max)), a = A_validation / A_target"
  package static let comparesGroup = false
  package static let python = """
    ratio = require(context.validation_accuracy, "the accuracy on a validation set") / TARGET_ACCURACY
    # Lengths are at most 1, and Python has no number for a large power.
    gate = min(ratio, 1) ** SHARPNESS
    found = []
    for outcome in group:
        length = min(1, outcome.length / context.limit)
        accuracy = 0.9 + 0.1 * (1 - ratio) if outcome.is_correct else 0
        found.append((accuracy, LENGTH_WEIGHT * (1 - min(gate, length))))
    return found
    """
}
