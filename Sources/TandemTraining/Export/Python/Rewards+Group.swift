// Rules that compare the completions of a prompt with each other.

extension DAST {
  package static let formula =
    "with l = (L - B) / B, B = p * L_right + (1 - p) * L_max: max(-0.5 l + 0.5, 0.1) or min(0.9 l - 0.1, -0.1)"
  package static let comparesGroup = true
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

extension ShorterBetter {
  package static let formula = "alpha * 1[correct] - beta * |L - the shortest right length, or else the mean length|"
  package static let comparesGroup = true
  package static let python = """
    shortest = min((outcome.length for outcome in group if outcome.is_correct), default=mean_length(group))
    return [
        (ACCURACY_WEIGHT if outcome.is_correct else 0, -LENGTH_WEIGHT * abs(outcome.length - shortest))
        for outcome in group
    ]
    """
}

extension Kimi {
  package static let formula =
    "1[correct] + weight * l, l = 0.5 - (L - L_min) / (L_max - L_min), at most 0 where it is wrong"
  package static let comparesGroup = true
  package static let python = """
    lengths = [outcome.length for outcome in group]
    shortest, longest = min(lengths, default=0), max(lengths, default=0)
    found = []
    for outcome in group:
        advantage = 0.5 - (outcome.length - shortest) / (longest - shortest) if longest > shortest else 0
        found.append((float(outcome.is_correct), LENGTH_WEIGHT * (advantage if outcome.is_correct else min(0, advantage))))
    return found
    """
}

extension AroraZanette {
  package static let formula = "1[correct] * (1 - alpha * sigmoid((L - mean) / std)), over the right answers"
  package static let comparesGroup = true
  package static let python = """
    right = [outcome for outcome in group if outcome.is_correct]
    mean = mean_length(right)
    variance = sum((outcome.length - mean) * (outcome.length - mean) for outcome in right)
    deviation = math.sqrt(variance / max(len(right), 1))
    found = []
    for outcome in group:
        distance = (outcome.length - mean) / deviation if deviation > 0 else 0
        found.append((1, -LENGTH_WEIGHT / (1 + math.exp(-distance))) if outcome.is_correct else (0, 0))
    return found
    """
}
