import ArgumentParser
import TandemRewards
import TandemTraining

/// The length reward of a run: its name, and the changes to it.
struct RewardOptions: ParsableArguments {
  @Option(help: "The length reward; `tandem rewards list` shows all.") var reward = TLDR.name
  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "Change a coefficient of the reward (in a group: targets.easy=0.3). May be repeated.",
      valueName: "name=number"))
  var coefficients: [String] = []
  @Flag(help: "Apply the length term to correct answers only.") var correctOnly = false

  /// Throws for a reward or a coefficient that does not exist, naming those that do.
  func rule() throws -> RewardRule {
    let changes = try coefficients.map { coefficient in
      let parts = coefficient.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2, let number = Double(parts[1]) else {
        throw ValidationError("--set takes name=number, not '\(coefficient)'.")
      }
      return (parts[0], number)
    }
    return try RewardRule(
      named: reward, setting: Dictionary(changes) { _, last in last }, isCorrectOnly: correctOnly)
  }
}
