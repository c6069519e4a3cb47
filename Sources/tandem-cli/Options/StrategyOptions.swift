import ArgumentParser
import Foundation
import Tandem
import TandemModels
import Yams

/// Which strategy, and its settings.
struct StrategyOptions: ParsableArguments {
  @Option(help: "How the two models work together; see `tandem strategies`. Default: the preset's.")
  var strategy: String?

  @Option(
    name: [.customLong("set")],
    help: ArgumentHelp("Change a setting of the strategy; may be repeated.", valueName: "name=value"))
  var changes: [String] = []

  @Option(
    help: ArgumentHelp(
      "Settings from a YAML file, under our names or those of the paper's own files.", valueName: "file"))
  var config: String?

  /// The strategy, from the preset, then the file, then the flags; later ones win.
  func make(_ preset: Preset?) throws -> any Strategy {
    let name = strategy ?? preset?.strategy ?? SpeculativeThinking.name
    let type = try Strategies.named(name)
    var settings: [String: Setting] = [:]
    if let preset, preset.strategy == name {
      for (key, value) in preset.settings { settings[key] = Setting(value) }
    }
    for (key, value) in try type.translate(try file()) { settings[key] = value }
    settings.merge(try Self.settings(changes)) { $1 }
    return try Strategies.make(name, settings: settings)
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

  private func file() throws -> [String: Setting] {
    guard let config else { return [:] }
    guard let text = try? String(contentsOfFile: config, encoding: .utf8) else {
      throw ModelError.fileNotFound(path: config, hint: nil)
    }
    do {
      return try YAMLDecoder().decode([String: Setting].self, from: text)
    } catch {
      throw ValidationError("\(config) is not a YAML file of settings: \(error)")
    }
  }
}

extension Setting {
  /// The value of a flag: YAML, but "Score:" and nothing at all are text.
  init(flag text: String, of name: String) throws {
    if text.isEmpty {
      self = .text("")
      return
    }
    guard let value = try? YAMLDecoder().decode(Setting.self, from: text) else {
      throw ValidationError(
        "\(name) can't be '\(text)', which is not YAML. A list is [a, b]; text with such signs needs its own quotes.")
    }
    if case .dictionary = value, !text.hasPrefix("{") { self = .text(text) } else { self = value }
  }

  init(_ value: PresetValue) {
    self =
      switch value {
      case .bool(let flag): .flag(flag)
      case .integer(let integer): .integer(integer)
      case .number(let number): .number(number)
      case .string(let text): .text(text)
      }
  }
}
