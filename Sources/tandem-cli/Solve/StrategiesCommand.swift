import ArgumentParser
import Foundation
import Tandem
import TandemCommandLine
import TandemInference

struct StrategiesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "strategies", abstract: "List the strategies with their settings, papers and requirements.",
    discussion: """
      EXAMPLES
        tandem strategies
        tandem strategies speculative-thinking --format json
        tandem strategies speculative-thinking --format schema
      """)

  @Argument(help: "Show only this strategy.") var name: String?
  @Option(help: "text, json, or schema: the JSON Schema of a strategy's settings.") var format = Format.text

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json, schema }

  func run() throws {
    let types = try name.map { [try Strategies.named($0)] } ?? Strategies.all
    switch format {
    case .text: for type in types { Console.write(Entry(type).text) }
    case .json: try printJSON(types.map(Entry.init))
    case .schema where name != nil: try printJSON(Strategies.schema(of: types[0]))
    case .schema: try printJSON(types.map(Strategies.schema(of:)))
    }
  }

  struct Entry: Encodable {
    let name: String
    let about: About
    let requires: [String: [String]]
    let defaults: [String: Setting]
    private let settings: [SettingDescription]

    struct About: Encodable {
      let summary: String
      let paper: String?
      let settings: [String: String]
      let tested: String
    }

    private enum CodingKeys: CodingKey { case name, about, requires, defaults }

    init(_ type: any Strategy.Type) {
      name = type.name
      settings = type.settingDescriptions
      about = About(
        summary: type.about.summary, paper: type.about.paper,
        settings: Dictionary(uniqueKeysWithValues: settings.map { ($0.name, $0.fullHelp) }), tested: type.about.tested)
      requires = Dictionary(uniqueKeysWithValues: type.requirements.map { ($0.rawValue, $1.names) })
      defaults = Strategies.settings(of: type.init())
    }

    var text: StyledText {
      var text = StyledText(name, .bold) + "\n  \(about.summary)\n"
      if let paper = about.paper { text += "  Paper: \(paper)\n" }
      let needs = requires.sorted { $0.key > $1.key }.map { role, capabilities in
        "a \(role) model" + (capabilities.isEmpty ? "" : " with \(capabilities.joined(separator: ", "))")
      }
      text += "  Needs: \(needs.joined(separator: ", "))\n  Tested: \(about.tested)\n"
      let width = settings.map(\.name.count).max() ?? 0
      for setting in settings {
        let padding = String(repeating: " ", count: width - setting.name.count)
        let meaning = setting.fullHelp + (setting.kind.summary.map { ": \($0)" } ?? "")
        text += "    \(setting.name)\(padding)  \(meaning)  " + StyledText("(\(setting.initial))", .dim) + "\n"
      }
      return text + "\n"
    }
  }
}
