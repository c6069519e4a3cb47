import ArgumentParser
import TandemRewards
import TandemTraining

/// The numbers of a run of reinforcement. The defaults are close to those of the first runs that stayed stable; what each
/// of them is worth has not been told apart yet (docs/log.md).
struct PolicyArguments: ParsableArguments {
  @OptionGroup var reward: RewardOptions
  @Option(help: "Steps.") var steps = 200
  @Option(help: "Steps until the highest learning rate.") var warmUp = 10
  @Option(help: "The highest learning rate.") var learningRate: Float = 5e-4
  @Option(help: "The share of the learning rate that is left at the end.") var floor: Float = 0.1
  @Option(help: "Prompts of a step whose completions earn different rewards.") var groups = 8
  @Option(help: "Completions of a prompt.") var groupSize = 8
  @Option(help: "How often prompts are drawn again for groups that tell nothing.") var resamplings = 0
  @Option(help: "Updates on the completions of a step.") var updates = 4
  @Option(help: "What rewards are divided by within a group: deviation (GRPO) or mean (Dr. GRPO: nothing).")
  var advantage = AdvantageRule.Scale.mean
  @Flag(help: "Learn from completions that are better than their group's mean, and from no others.")
  var positiveOnly = false
  @Option(help: "What losses are divided by: token (DAPO), sequence (GRPO) or limit (Dr. GRPO).")
  var normalization = PolicyObjective.Normalization.token
  @Option(help: "The weight of the divergence from the model that training began with.") var kl: Float = 0.02
  @Option(help: "How far a ratio may fall before it is clipped.") var clipBelow: Float = 0.2
  @Option(help: "How far a ratio may rise before it is clipped.") var clipAbove: Float = 0.28
  @Option(help: "The largest norm of the gradient.") var clip: Float = 1
  @Option(help: "The most tokens of a completion.") var limit = 440
  @Option(help: "Tokens that the level short stands for, with l1-exact and l1-max. Default: 80.") var shortBudget: Int?
  @Option(help: "Likewise medium. Default: 150.") var mediumBudget: Int?
  @Option(help: "Likewise long. Default: 300.") var longBudget: Int?

  func validate() throws {
    guard budgets.values.allSatisfy({ $0 >= 1 }) else {
      throw ValidationError("--short-budget, --medium-budget and --long-budget must be at least 1.")
    }
  }

  var budgets: [LengthLevel: Int] {
    [.short: shortBudget ?? 80, .medium: mediumBudget ?? 150, .long: longBudget ?? 300]
  }

  func options(seed: UInt64) throws -> PolicyOptions {
    let rule = try reward.rule()
    guard rule.usesBudget || (shortBudget, mediumBudget, longBudget) == (nil, nil, nil) else {
      throw ValidationError(
        "--short-budget, --medium-budget and --long-budget have no effect with --reward \(reward.reward).")
    }
    var options = PolicyOptions(
      reward: rule,
      schedule: CosineSchedule(peak: learningRate, warmUp: min(warmUp, steps), steps: steps, floor: floor))
    options.advantages = AdvantageRule(scale: advantage, isPositiveOnly: positiveOnly)
    options.objective.clipBelow = clipBelow
    options.objective.clipAbove = clipAbove
    options.objective.divergenceWeight = kl
    options.objective.normalization = normalization
    options.optimizer.clip = clip
    (options.groups, options.groupSize, options.resamplings) = (groups, groupSize, resamplings)
    (options.updates, options.limit, options.seed) = (updates, limit, seed)
    options.rowLength = max(options.rowLength, limit)
    try options.validate()
    return options
  }
}

extension AdvantageRule.Scale: ExpressibleByArgument {}
extension PolicyObjective.Normalization: ExpressibleByArgument {}
