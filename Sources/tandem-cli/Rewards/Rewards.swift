import ArgumentParser
import TandemCommandLine
import TandemRewards

struct Rewards: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the length rewards, or serve them to other trainers.",
    subcommands: [RewardsList.self, RewardsServe.self])
}

struct RewardsList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the rewards with their formulas.")

  @Flag(help: "Print JSON, with the coefficients.") var json = false

  func run() throws {
    let list = try RewardList()
    if json { return try printJSON(list) }
    var table = Table(["reward", "formula"])
    for rule in list.rewards { table.add([rule.name, rule.formula]) }
    Console.write(table.text)
  }
}
