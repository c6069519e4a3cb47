import ArgumentParser
import TandemRewards
import TandemTraining

/// The numbers of a reinforcement run. The defaults are close to those of the first runs that stayed stable; the effect of
/// each one has not been measured separately yet (docs/log.md).
struct PolicyArguments: ParsableArguments {
  @OptionGroup var reward: RewardOptions
  @Option(
    help: """
      grpo (2402.03300); oreal (2502.06781): clone right answers, push off half as much from wrong ones; or smartthinker \
      (2507.04348): grpo that charges steps for their length the more, the less they matter for the answer (formulas are \
      ours).
      """)
  var objective = Objective.grpo
  @Option(help: "smartthinker: what a step as long as the limit costs if it does not matter. Default: 0.5.")
  var stepWeight: Double?
  @Option(help: "smartthinker: how much of what later steps cost counts for a step. Default: 0.5.")
  var stepDecay: Double?
  @Option(help: "smartthinker: by how much --clip-above grows for prompts that are never solved. Default: 0.2.")
  var clipGrowth: Float?
  @Option(help: "Steps.") var steps = 200
  @Option(help: "Steps until the highest learning rate.") var warmUp = 10
  @Option(help: "The highest learning rate.") var learningRate: Float = 5e-4
  @Option(help: "The last learning rate, as a share of the highest.") var floor: Float = 0.1
  @Option(help: "Prompts per step whose completions earn different rewards.") var groups = 8
  @Option(help: "Completions per prompt.") var groupSize = 8
  @Option(help: "How many times to resample prompts whose completions all earn the same.")
  var resamplings = 0
  @Option(help: "Updates on each step's completions.") var updates = 4
  @Option(
    help: """
      Compare rewards within a group: deviation (minus the mean, over it: GRPO), mean (minus the mean: Dr. GRPO) or \
      leave-one-out (minus the mean of the others: RLOO). Default: mean, for oreal leave-one-out.
      """)
  var advantage: AdvantageRule.Scale?
  @Flag(help: "Learn only from completions that are better than their group's mean.")
  var positiveOnly = false
  @Option(help: "How to average losses: token (DAPO), sequence (GRPO) or limit (Dr. GRPO).")
  var normalization = PolicyObjective.Normalization.token
  @Option(help: "The weight of the divergence from the initial model.") var kl: Float = 0.02
  @Option(help: "How far a ratio may fall below 1 before it is clipped.") var clipBelow: Float = 0.2
  @Option(help: "How far a ratio may rise above 1 before it is clipped.") var clipAbove: Float = 0.28
  @Option(help: "The largest gradient norm.") var clip: Float = 1
  @Option(help: "The most tokens of a completion.") var limit = 440
  @Option(help: "Tokens of the level short, for l1-exact and l1-max. Default: 80.") var shortBudget: Int?
  @Option(help: "Tokens of the level medium. Default: 150.") var mediumBudget: Int?
  @Option(help: "Tokens of the level long. Default: 300.") var longBudget: Int?

  enum Objective: String, ExpressibleByArgument, CaseIterable { case grpo, oreal, smartthinker }

  func validate() throws {
    guard budgets.values.allSatisfy({ $0 >= 1 }) else {
      throw ValidationError("--short-budget, --medium-budget and --long-budget must be at least 1.")
    }
    guard objective == .smartthinker || (stepWeight, stepDecay, clipGrowth) == (nil, nil, nil) else {
      throw ValidationError(
        "--step-weight, --step-decay and --clip-growth have no effect without --objective smartthinker.")
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
    options.advantages = AdvantageRule(
      scale: advantage ?? (objective == .oreal ? .leaveOneOut : .mean), isPositiveOnly: positiveOnly)
    options.objective.oreal = objective == .oreal ? OREAL() : nil
    if objective == .smartthinker {
      var control = StepLengthControl()
      control.stepWeight = stepWeight ?? control.stepWeight
      control.stepDecay = stepDecay ?? control.stepDecay
      control.clipGrowth = clipGrowth ?? control.clipGrowth
      options.objective.stepLength = control
    }
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
