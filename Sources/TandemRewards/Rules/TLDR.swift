/// TLDR ("Making Small Language Models Efficient Reasoners", 3.3): r = r̂ − ζ(L), the penalty ζ by the level in the prompt.
///
/// The paper's form and coefficients of ζ were not to be had: ζ(L) = α · L / L_max, and the three α, are ours. An α
/// below 1 keeps a long right answer above a short wrong one.
package struct TLDR: LengthReward {
  package static let name = "tldr"
  package static let formula = "1[correct] - alpha * L / L_max, alpha by the level in the prompt"
  package static let comparesGroup = false

  package var short = 0.9
  package var medium = 0.85
  package var long = 0.0

  package init() {}

  package init(short: Double, medium: Double, long: Double) {
    self.short = short
    self.medium = medium
    self.long = long
  }

  package func rewards(of group: [RewardOutcome], _ context: RewardContext) throws(RewardError) -> [Reward] {
    let level = try context.require(context.level, "a level in the prompt", for: Self.name)
    let alpha =
      switch level {
      case .short: short
      case .medium: medium
      case .long: long
      }
    return group.map { outcome in
      let penalty = alpha * min(Double(outcome.length) / Double(context.limit), 1)
      return Reward(accuracy: outcome.isCorrect ? 1 : 0, length: -penalty)
    }
  }

  package static let python = """
    level = require(context.level, "a level in the prompt")
    alpha = {"short": SHORT, "medium": MEDIUM, "long": LONG}[level]
    return [
        (float(outcome.is_correct), -alpha * min(outcome.length / context.limit, 1))
        for outcome in group
    ]
    """
}
