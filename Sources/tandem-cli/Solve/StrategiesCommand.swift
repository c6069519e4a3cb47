import ArgumentParser
import Foundation
import Tandem
import TandemCommandLine
import TandemInference

struct StrategiesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "strategies", abstract: "List the strategies, with their settings, papers and requirements.",
    discussion: "EXAMPLES\n  tandem strategies\n  tandem strategies speculative-thinking --format json")

  @Argument(help: "Only this one.") var name: String?
  @Option(help: "text or json.") var format = Format.text

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

  func run() throws {
    let types = try name.map { [try Strategies.named($0)] } ?? Strategies.all
    let entries = try types.map(Entry.init)
    if format == .json { return try printJSON(entries) }
    let console = Console.current()
    for entry in entries { Console.write(entry.text(console)) }
  }

  struct Entry: Encodable {
    let name: String
    let about: StrategyDescription
    let requires: [String: [String]]
    let defaults: [String: Setting]

    init(_ type: any Strategy.Type) throws {
      name = type.name
      about = type.about
      requires = Dictionary(uniqueKeysWithValues: type.requirements.map { ($0.rawValue, $1.names) })
      defaults = try Strategies.settings(of: type.init())
    }

    func text(_ console: Console) -> String {
      var text = console.styled(name, .bold) + "\n  \(about.summary)\n"
      if let paper = about.paper { text += "  Paper: \(paper)\n" }
      let needs = requires.sorted { $0.key > $1.key }.map { role, capabilities in
        "a \(role) model" + (capabilities.isEmpty ? "" : " with \(capabilities.joined(separator: ", "))")
      }
      text += "  Needs: \(needs.joined(separator: ", "))\n  Tested: \(about.tested)\n"
      let width = defaults.keys.map(\.count).max() ?? 0
      for (setting, value) in defaults.sorted(by: { $0.key < $1.key }) {
        let padding = String(repeating: " ", count: width - setting.count)
        let meaning = about.settings[setting] ?? ""
        text += "    \(setting)\(padding)  \(meaning)  " + console.styled("(\(value))", .dim) + "\n"
      }
      return text + "\n"
    }
  }
}
