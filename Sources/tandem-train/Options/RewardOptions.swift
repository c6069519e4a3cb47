import ArgumentParser
import TandemRewards
import TandemTraining

/// The length reward of a run: its name, and what is changed of it.
struct RewardOptions: ParsableArguments {
  @Option(help: "The length reward; `tandem rewards list` has them.") var reward = TLDR.name
  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "Change a coefficient of the reward, one of a group as targets.easy=0.3; may be repeated.",
      valueName: "name=number"))
  var coefficients: [String] = []
  @Flag(help: "Only right answers hear of their length.") var correctOnly = false

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
