import ArgumentParser
import TandemCommandLine
import TandemInference
import TandemRewards
import TandemTraining

struct TrainExport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Export a run with a length reward to TRL or verl, for models that are too large for this trainer.",
    discussion: """
      Writes the prompts, the reward as a Python file that computes the same numbers, a configuration, and a README that \
      says how to run it and what its limits are.

      Without --data, the prompts are Countdown's, from the training side of its split. Each line of --data is a problem:
        {"question": "What is 12 * 7?", "answer": "84"}

      "messages" may replace "question"; "level", "budget" and "reference" are for the rewards that need them. Other keys \
      are refused, and so are problems of an evaluation set.

      EXAMPLES
        tandem train export --to verl --output runs/verl
        tandem train export --to trl --data problems.jsonl --reward kimi \\
          --levels none --output runs/trl
      """)

  @Option(help: "trl or verl.") var to: Framework
  @Option(name: .shortAndLong, help: ArgumentHelp("The folder to write.", valueName: "folder")) var output: String
  @Option(help: ArgumentHelp("Your own problems, as JSON Lines.", valueName: "file")) var data: String?
  @Option(help: "How to judge answers: mathematics (default with --data), exact or countdown (default without).")
  var check: AnswerCheck?
  @Option(help: "How many Countdown problems, without --data. Default: 4096.") var problems: Int?
  @Option(help: "How many of the problems, from the end, to hold back for validation.") var validation = 64
  @Option(help: "The levels to ask each problem with, separated by commas, or none.")
  var levels = "short,medium,long"
  @Option(help: "Tokens of each level, for l1-exact and l1-max. Default: 512,1024,2048.")
  var budgets: String?
  @Option(help: "What ends the model's thinking; empty if the model does not mark it.")
  var thinkingEnd = ReasoningMarkers.think.closing
  @Option(help: "The share of right answers on problems outside the training set, for aalc.")
  var validationAccuracy: Double?
  @OptionGroup(title: "Run") var numbers: ExportedRun

  func validate() throws {
    // Of Countdown's training side, 10,478 problems are as difficult as those of the evaluation.
    guard (1...10_000).contains(problems ?? 1) else { throw ValidationError("--problems must be from 1 to 10000.") }
    guard data == nil || problems == nil else {
      throw ValidationError("--problems counts Countdown's, and has no effect with --data.")
    }
    guard (0...1_000_000).contains(validation) else {
      throw ValidationError("--validation must be from 0 to 1000000.")
    }
    guard validationAccuracy.map({ 0...1 ~= $0 }) ?? true else {
      throw ValidationError("--validation-accuracy must be from 0 to 1.")
    }
    _ = try (chosenLevels(), chosenBudgets())
  }

  func run() throws {
    let options = try numbers.options()
    guard budgets == nil || options.reward.usesBudget else {
      throw ValidationError("--budgets has no effect with --reward \(numbers.reward.reward).")
    }
    guard validationAccuracy == nil || options.reward.needs.contains(.validationAccuracy) else {
      throw ValidationError("--validation-accuracy has no effect with --reward \(numbers.reward.reward).")
    }
    let check = check ?? (data == nil ? .countdown : .mathematics)
    let found =
      try data.map { try ExportedPrompt.read($0, check) }
      ?? ExportedPrompt.countdown((problems ?? 4096) + validation, seed: numbers.seed)
    guard found.count > validation else {
      throw ValidationError("--validation must be below the \(found.count) problems of \(data ?? "Countdown").")
    }
    try LeakCheck().check(found, check, from: data ?? "Countdown")
    let (levels, all) = (try chosenLevels(), try chosenBudgets())
    let prompts = found.map { $0.asked(levels, budgets: options.reward.usesBudget ? all : [:]) }
    var handOver = HandOver(
      to, options, check: check, training: Array(prompts.dropLast(validation).joined()),
      validation: Array(prompts.suffix(validation).joined()))
    handOver.thinkingEnd = thinkingEnd
    handOver.validationAccuracy = validationAccuracy
    try handOver.write(to: output)
    Console.write("\(output)/README.md\n")
  }

  private func chosenLevels() throws -> [LengthLevel] {
    if levels == "none" { return [] }
    let words = levels.split(separator: ",", omittingEmptySubsequences: false)
    let chosen = words.compactMap { LengthLevel(rawValue: String($0)) }
    guard chosen.count == words.count, Set(chosen).count == chosen.count else {
      throw ValidationError("--levels can be some of short, medium and long, each once, or none, not '\(levels)'.")
    }
    return chosen
  }

  private func chosenBudgets() throws -> [LengthLevel: Int] {
    let tokens = (budgets ?? "512,1024,2048").split(separator: ",").map { Int($0) ?? 0 }
    guard tokens.count == LengthLevel.allCases.count, tokens.allSatisfy({ $0 > 0 }) else {
      throw ValidationError("--budgets takes the tokens of short, medium and long, as 512,1024,2048.")
    }
    return Dictionary(uniqueKeysWithValues: zip(LengthLevel.allCases, tokens))
  }
}

/// The numbers of an exported run. Everything else is as in `PolicyOptions`; the learning rate, the groups and the limit
/// are the usual ones for models of some billion parameters.
struct ExportedRun: ParsableArguments {
  @OptionGroup var reward: RewardOptions
  @Option(help: "Steps.") var steps = 200
  @Option(help: "Steps until the highest learning rate.") var warmUp = 10
  @Option(help: "The highest learning rate.") var learningRate: Float = 1e-6
  @Option(help: "Prompts per step.") var groups = 64
  @Option(help: "Completions per prompt.") var groupSize = 8
  @Option(help: "Updates on each step's completions.") var updates = 1
  @Option(help: "Compare rewards within a group: deviation (GRPO), mean (Dr. GRPO) or leave-one-out (RLOO).")
  var advantage = AdvantageRule.Scale.deviation
  @Option(help: "How to average losses: token (DAPO), sequence (GRPO) or limit (Dr. GRPO).")
  var normalization = PolicyObjective.Normalization.token
  @Option(help: "The weight of the divergence from the initial model.") var kl: Float = 0
  @Option(help: "How far a ratio may fall below 1 before it is clipped.") var clipBelow: Float = 0.2
  @Option(help: "How far a ratio may rise above 1 before it is clipped.") var clipAbove: Float = 0.2
  @Option(help: "The most tokens of a completion.") var limit = 4096
  @Option(name: [.customShort("s"), .long], help: "Seed of problems and the run.") var seed: UInt64 = 1

  func options() throws -> PolicyOptions {
    var options = PolicyOptions(
      reward: try reward.rule(),
      schedule: CosineSchedule(peak: learningRate, warmUp: min(warmUp, steps), steps: steps))
    options.advantages.scale = advantage
    options.objective.normalization = normalization
    options.objective.divergenceWeight = kl
    (options.objective.clipBelow, options.objective.clipAbove) = (clipBelow, clipAbove)
    (options.groups, options.groupSize, options.updates, options.limit) = (groups, groupSize, updates, limit)
    (options.rowLength, options.seed) = (max(options.rowLength, limit), seed)
    try options.validate()
    return options
  }
}

extension Framework: ExpressibleByArgument {}
extension AnswerCheck: ExpressibleByArgument {}
