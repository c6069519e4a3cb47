#if !Servers
import ArgumentParser
import Foundation
import Tandem
import TandemCommandLine
import TandemInference
import TandemModels
import TandemSetup

/// What stands for servers in a program that was built without the package's trait `Servers`.
struct WithoutServers: ReportableError {
  var exitStatus: ExitStatus { .unavailable }
  var description: String { "This tandem was built without servers, as scripts/demo builds it." }
  var hint: String? { "Build it with them: swift build -c release --product tandem" }
}

struct ServerConnections {
  init(_ servers: RunOptions.Servers) {}

  func facts(of address: String, vocabulary: URL) async throws -> ModelFacts { throw WithoutServers() }

  func load(_ address: String, vocabulary: URL, contextSize: Int) async throws -> any LanguageModel {
    throw WithoutServers()
  }

  static func summary(of address: String, _ servers: RunOptions.Servers?) async throws -> String {
    throw WithoutServers()
  }

  static func description(
    of address: String, _ servers: RunOptions.Servers?, tokenizer: String?, in store: ModelStore
  ) async throws -> StyledText { throw WithoutServers() }
}

struct Serve: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Serve pairs of models over HTTP. Not in this build.")

  @Argument(parsing: .captureForPassthrough) var arguments: [String] = []

  func run() throws { throw WithoutServers() }
}

struct RewardsServe: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve", abstract: "Compute rewards over HTTP for other trainers. Not in this build.")

  @Argument(parsing: .captureForPassthrough) var arguments: [String] = []

  func run() throws { throw WithoutServers() }
}
#endif
