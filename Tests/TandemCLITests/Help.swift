import Foundation

/// What a program says of itself with `--experimental-dump-help`.
struct Help: Decodable {
  let command: Command

  struct Command: Decodable {
    let commandName: String
    let discussion: String?
    let arguments: [Argument]?
    let subcommands: [Command]?

    /// The words that call each command that is one, without the program's.
    func paths(_ parents: [String] = []) -> [[String]] {
      [parents]
        + (subcommands ?? []).filter { $0.commandName != "help" }.flatMap { $0.paths(parents + [$0.commandName]) }
    }

    /// What follows the abstract, by command.
    var discussions: [(command: String, text: String)] {
      let own: [(command: String, text: String)] = discussion.map { [(commandName, $0)] } ?? []
      return own + (subcommands ?? []).flatMap(\.discussions)
    }

    var flags: [String] {
      let names: [Name] = (arguments ?? []).flatMap { $0.names ?? [] }
      let own: [String] = names.filter { $0.kind == "long" }.map { "--\($0.name)" }
      return own + (subcommands ?? []).flatMap(\.flags)
    }
  }

  struct Argument: Decodable { let names: [Name]? }

  struct Name: Decodable {
    let kind: String
    let name: String
  }

  init(of arguments: String...) throws {
    let tool = try Tool.run(list: arguments + ["--experimental-dump-help"])
    self = try JSONDecoder().decode(Self.self, from: Data(tool.output.utf8))
  }

  /// Every command of both programs, as the words after `tandem`.
  static func commands() throws -> [[String]] {
    try Help().command.paths() + Help(of: "train").command.paths(["train"]).dropFirst()
  }

  /// Every flag of both programs, as ArgumentParser has it.
  static func flags() throws -> Set<String> {
    try Set(Help().command.flags + Help(of: "train").command.flags).union(["--help", "--version"])
  }
}
