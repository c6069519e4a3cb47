import ArgumentParser
import Tandem
import TandemSetup

/// Which strategy, and its settings.
struct StrategyOptions: ParsableArguments {
  @Option(help: "How the models work together; see `tandem strategies`. Default: the preset's.")
  var strategy: String?

  @Option(
    name: [.customLong("set")],
    help: ArgumentHelp("Change a setting of the strategy. May be repeated.", valueName: "name=value"))
  var changes: [String] = []

  @Option(
    help: ArgumentHelp(
      "Settings from a YAML file, under our names or those of the paper's code.", valueName: "file"))
  var config: String?

  /// The settings of the file, then those of the flags, which win. `drafts=auto` is the number that pays for the pair of
  /// `models`, as `tandem doctor --pair` measured it.
  func layers(_ models: RunOptions) throws -> [[String: Setting]] {
    let layers = [try config.map { try OptionFile($0).settings() } ?? [:], try Self.settings(changes)]
    return try layers.map { layer in
      guard layer["drafts"] == .text("auto") else { return layer }
      return try layer.merging(["drafts": .integer(MeasuredPairs().drafts(for: models))]) { $1 }
    }
  }

  /// What `--set` says, `name=value` each; of several for one name the last counts.
  static func settings(_ changes: [String]) throws -> [String: Setting] {
    var settings: [String: Setting] = [:]
    for change in changes {
      let parts = change.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2 else { throw ValidationError("--set takes name=value, not '\(change)'.") }
      settings[parts[0]] = try Setting(flag: parts[1], of: parts[0])
    }
    return settings
  }
}

extension Setting {
  /// The value of a flag: YAML, but "Score:" and nothing at all are text.
  init(flag text: String, of name: String) throws {
    if text.isEmpty {
      self = .text("")
      return
    }
    let value: Setting
    do { value = try YAML.read(text) } catch {
      throw ValidationError(
        "\(name) can't be '\(text)': \(error.reason). A list is [a, b]; text with such signs needs its own quotes.")
    }
    if case .dictionary = value, !text.hasPrefix("{") { self = .text(text) } else { self = value }
  }
}
