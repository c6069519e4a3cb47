// Rules that follow what the prompt asks for, or what is known of it.

extension TLDR {
  package static let formula = "1[correct] - alpha * L / L_max, alpha by the level in the prompt"
  package static let comparesGroup = false
  package static let python = """
    level = require(context.level, "a level in the prompt")
    alpha = {"short": SHORT, "medium": MEDIUM, "long": LONG}[level]
    return [
        (float(outcome.is_correct), -alpha * min(outcome.length / context.limit, 1))
        for outcome in group
    ]
    """
}

extension L1Exact {
  package static let formula = "1[correct] - alpha * |n_gold - L|"
  package static let comparesGroup = false
  package static let python = """
    budget = require(context.budget, "a budget of tokens in the prompt")
    return [(float(outcome.is_correct), -SLOPE * abs(budget - outcome.length)) for outcome in group]
    """
}

extension L1Max {
  package static let formula = "1[correct] * clip(alpha * (n_gold - L) + delta, 0, 1)"
  package static let comparesGroup = false
  package static let python = """
    budget = require(context.budget, "a budget of tokens in the prompt")
    return [
        (1, min(max(SLOPE * (budget - outcome.length) + OFFSET, 0), 1) - 1) if outcome.is_correct else (0, 0)
        for outcome in group
    ]
    """
}

extension O1Pruner {
  package static let formula = "clip((L_ref - L) / L + alpha * (1[correct] - A_ref), lowest, highest)"
  package static let comparesGroup = false
  package static let python = """
    reference = require(context.reference, "the reference model's mean length and accuracy of each prompt")
    found = []
    for outcome in group:
        length = max(outcome.length, 1)
        accuracy = ACCURACY_WEIGHT * (outcome.is_correct - reference.accuracy)
        weight = min(max((reference.mean_length - length) / length + accuracy, LOWEST), HIGHEST)
        found.append((accuracy, weight - accuracy))
    return found
    """
}

extension SoftOverlong {
  package static let formula = "1 or -1, less a penalty that grows from 0 at L_max - L_cache to 1 at L_max"
  package static let comparesGroup = false
  package static let python = """
    found = []
    for outcome in group:
        excess = outcome.length - (1 - CACHE) * context.limit
        penalty = min(max(excess / (CACHE * context.limit), 0), 1)
        found.append((1 if outcome.is_correct else -1, -penalty))
    return found
    """
}
