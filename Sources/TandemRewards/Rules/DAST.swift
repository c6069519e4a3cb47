/// DAST (arXiv:2503.04472): length against a budget that grows with difficulty, B = p · L_right + (1 − p) · L_max.
///
/// With λ = (L − B) / B a right answer earns max(−0.5 λ + 0.5, 0.1), a wrong one min(0.9 λ − 0.1, −0.1). The budget is
/// the paper's; the four constants are from a second-hand description of it. The authors make pairs for SimPO from it.
package struct DAST: LengthReward {
  package static let name = "dast"
  package static let formula =
    "with l = (L - B) / B, B = p * L_right + (1 - p) * L_max: max(-0.5 l + 0.5, 0.1) or min(0.9 l - 0.1, -0.1)"
  package static let comparesGroup = true

  package var rightSlope = -0.5
  package var rightOffset = 0.5
  package var rightFloor = 0.1
  package var wrongSlope = 0.9
  package var wrongOffset = -0.1
  package var wrongCeiling = -0.1

  package init() {}

  package func rewards(of group: [RewardOutcome], _ context: RewardContext) throws(RewardError) -> [Reward] {
    let share = group.accuracy
    // At least a token: right answers without any thinking leave nothing to divide by.
    let budget = max(share * group.filter(\.isCorrect).meanLength + (1 - share) * Double(context.limit), 1)
    return group.map { outcome in
      let excess = (Double(outcome.length) - budget) / budget
      // What a completion of just the budget's length earns is for being right or wrong.
      guard outcome.isCorrect else {
        return Reward(accuracy: wrongOffset, length: min(wrongSlope * excess + wrongOffset, wrongCeiling) - wrongOffset)
      }
      return Reward(accuracy: rightOffset, length: max(rightSlope * excess + rightOffset, rightFloor) - rightOffset)
    }
  }

  package static let python = """
    share = accuracy_of(group)
    right = [outcome for outcome in group if outcome.is_correct]
    budget = max(share * mean_length(right) + (1 - share) * context.limit, 1)
    found = []
    for outcome in group:
        excess = (outcome.length - budget) / budget
        # What a completion of just the budget's length earns is for being right or wrong.
        if outcome.is_correct:
            found.append((RIGHT_OFFSET, max(RIGHT_SLOPE * excess + RIGHT_OFFSET, RIGHT_FLOOR) - RIGHT_OFFSET))
        else:
            found.append((WRONG_OFFSET, min(WRONG_SLOPE * excess + WRONG_OFFSET, WRONG_CEILING) - WRONG_OFFSET))
    return found
    """
}
