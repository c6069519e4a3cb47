#if Servers
import ArgumentParser
import Foundation
import Tandem
import TandemCommandLine
import TandemInference
import TandemServer
import TandemSetup

struct Serve: AsyncParsableCommand, RunsUntilStopped {
  static let configuration = CommandConfiguration(
    abstract: "Serve pairs of models over HTTP, with OpenAI's API and a page.",
    discussion: """
      Clients of OpenAI's chat completions, completions and responses, and of Anthropic's messages, work as they are; \
      docs/server.md tells what each request may have. GET / is a page that shows who thinks when. A request names a \
      model: PAIR, PAIR/STRATEGY, or a name of the configuration. Requests win over models, and flags over the file.

      Ctrl-C or SIGTERM ends the server once its runs are over, or after --drain; a second one ends it at once.

      EXAMPLES
        tandem serve
        tandem serve --preset smollm2 --parallel 8 --keys keys.yaml --host 0.0.0.0
        tandem serve --config server.yaml --estimate-only
        curl 127.0.0.1:8080/v1/chat/completions -d '{"model": "nano",
          "messages": [{"role": "user", "content": "Use 7, 5, 2 to make 24."}]}'
      """)

  @Option(help: ArgumentHelp("Read the configuration from this YAML file. Flags win over it.", valueName: "file"))
  var config: String?

  @OptionGroup(title: "Address and access") var listen: ListenFlags
  @OptionGroup(title: "Runs") var serving: ServingFlags
  @OptionGroup(title: "Models") var models: ModelOptions
  @OptionGroup(title: "Strategies") var offer: OfferFlags
  @OptionGroup(title: "How each model is used") var roles: RoleOptions
  @OptionGroup(title: "How each model is used") var rejections: RecordingOptions
  @OptionGroup(title: "Sampling and limits of requests that give none") var sampling: SamplingOptions

  @Flag(help: "Print the configuration with all defaults, and exit.") var printConfig = false
  @Flag(help: "Print the memory that the models will take, and exit.") var estimateOnly = false

  func run() async throws {
    let setup = try await ServeSetup(chosen)
    if printConfig { return Console.write(try setup.text) }
    let estimate = try ServeEstimate(setup.pairs)
    if estimateOnly {
      Console.write(estimate.text)
      if let problem = estimate.problem { Console.write("Warning: \(problem)\n", to: .standardError) }
      return
    }
    let (host, port) = (setup.host, setup.port)
    try await ServerAddress.check(host: host, port: port)
    if let problem = estimate.problem { Console.write("Warning: \(problem)\n", to: .standardError) }
    let server = try await setup.load(recording: rejections.recording(for: setup.pairs.map(\.use.large)))
    try Task.checkCancellation()
    try await server.run { port in
      let address = setup.address(port: port)
      Console.write("Listening on \(address): a page for people, \(address)/v1 for programs.\n", to: .standardError)
    }
  }

  /// What the file and the flags say.
  private var chosen: ServeConfig {
    get throws {
      var options = sampling.options.merging(over: models.options)
      options.parallel = serving.parallel
      let (small, large) = (try roles.small, try roles.large)
      let hasUse = small != RoleSettings() || large != RoleSettings()
      let settings = try StrategyOptions.settings(offer.changes)
      let given = ServeConfig.PairDraft(
        options: options, strategy: offer.strategy, settings: settings.isEmpty ? nil : settings,
        strategies: offer.strategies.map { list in
          list.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        }, use: hasUse ? ServeConfig.Use(small: small, large: large) : nil)
      let file = try config.map { try ServeConfig(file: $0) } ?? ServeConfig()
      return try file.changed(by: given, ServerOptions(listen, serving))
    }
  }
}
#endif
