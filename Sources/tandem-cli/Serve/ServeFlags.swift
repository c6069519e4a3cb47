#if Servers
import ArgumentParser
import Tandem
import TandemSetup

/// Where the server listens, and who may use it. No flag has a value unless it is given: what is not given comes from
/// `--config`, or the defaults.
struct ListenFlags: ParsableArguments {
  @Option(help: "The address to listen on. Default: 127.0.0.1.") var host: String?
  @Option(name: .shortAndLong, help: "The port; 0 picks a free one. Default: 8080.") var port: Int?

  @Option(
    help: ArgumentHelp("Let only holders of a key in: a YAML file with their names and keys.", valueName: "file"))
  var keys: String?

  @Flag(help: "Listen on any address without keys. Everybody who can reach it can use the models.")
  var insecure = false

  @Option(
    name: .customLong("allow-origin"),
    help: ArgumentHelp("Let pages of this origin use the server. May be repeated.", valueName: "origin"))
  var origins: [String] = []

  @Option(
    name: .customLong("allow-host"),
    help: ArgumentHelp("A name under which the server is called, beside localhost. May be repeated.", valueName: "name")
  )
  var hosts: [String] = []

  @Option(help: ArgumentHelp("Speak TLS with this certificate, in PEM form.", valueName: "file")) var tlsCert: String?
  @Option(help: ArgumentHelp("The certificate's private key, in PEM form.", valueName: "file")) var tlsKey: String?
}

/// How many runs there are at once, and what is kept of them.
struct ServingFlags: ParsableArguments {
  @Option(help: "Runs at once. Default: 4.") var parallel: Int?
  @Option(help: "Runs that may wait; one more is refused with 429. Default: 64.") var queue: Int?

  @Option(
    help: ArgumentHelp(
      "After Ctrl-C or SIGTERM: how long runs may continue before their thinking is ended. Default: 30.",
      valueName: "seconds"))
  var drain: Double?

  @Option(
    name: .customLong("alias"),
    help: ArgumentHelp("Another name of a model; * stands for any. May be repeated.", valueName: "name=model"))
  var aliases: [String] = []

  @Option(help: ArgumentHelp("Keep a trace of each run in this folder.", valueName: "folder")) var traces: String?
  @Option(help: "How many traces to keep. Default: 1000.") var keepTraces: Int?

  @Option(
    help: ArgumentHelp(
      "Append a line of JSON about each request to this file; - for standard output, none for no log. Default: -.",
      valueName: "file"))
  var log: String?

  @Flag(help: "Have the log repeat what was asked.") var logPrompts = false
}

/// Which strategies a request may name.
struct OfferFlags: ParsableArguments {
  @Option(help: "The strategy of a request that names none; see `tandem strategies`. Default: the preset's.")
  var strategy: String?

  @Option(
    name: [.customLong("set")],
    help: ArgumentHelp("Change a setting of that strategy. May be repeated.", valueName: "name=value"))
  var changes: [String] = []

  @Option(help: "The strategies that a request may name, separated by commas. Default: all.")
  var strategies: String?
}

extension ServerOptions {
  init(_ listen: ListenFlags, _ serving: ServingFlags) throws {
    self.init(
      host: listen.host, port: listen.port, queue: serving.queue, drain: serving.drain, keys: listen.keys,
      tlsCertificate: listen.tlsCert, tlsKey: listen.tlsKey, origins: listen.origins.isEmpty ? nil : listen.origins,
      hosts: listen.hosts.isEmpty ? nil : listen.hosts, insecure: listen.insecure ? true : nil,
      traces: serving.traces, keepTraces: serving.keepTraces, log: serving.log,
      logPrompts: serving.logPrompts ? true : nil, aliases: try Self.aliases(serving.aliases))
  }

  private static func aliases(_ flags: [String]) throws -> [String: String]? {
    guard !flags.isEmpty else { return nil }
    var aliases: [String: String] = [:]
    for flag in flags {
      let parts = flag.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2, !parts.contains("") else {
        throw ValidationError("--alias takes name=model, not '\(flag)'.")
      }
      aliases[parts[0]] = parts[1]
    }
    return aliases
  }
}
#endif
