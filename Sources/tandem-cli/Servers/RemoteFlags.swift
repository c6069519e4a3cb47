import ArgumentParser
import TandemSetup

/// How servers that run models are spoken to. No key stands here: the command line is seen by everybody on the machine.
struct RemoteFlags: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The environment variable with the servers' key. Default: TANDEM_SERVER_KEY, if it is set.", valueName: "name"))
  var serverKeyEnv: String?

  @Option(
    help: ArgumentHelp(
      "A file with the servers' key, or with an address and its key in each line.", valueName: "file"))
  var serverKeyFile: String?

  @Option(
    help: ArgumentHelp("A PEM file with the certificates to trust instead of the system's.", valueName: "file"))
  var serverCa: String?

  @Option(help: ArgumentHelp("A proxy to reach servers through, http://host:port.", valueName: "address"))
  var serverProxy: String?

  @Option(help: ArgumentHelp("How long to wait for a connection. Default: 10.", valueName: "seconds"))
  var serverConnectTimeout: Double?

  @Option(
    help: ArgumentHelp(
      "How long a server may be silent, while it reads a prompt for example. Default: 600.", valueName: "seconds"))
  var serverReadTimeout: Double?

  @Option(
    help: ArgumentHelp(
      "How long a call is repeated if a server is too busy or can't be reached. Default: 60.",
      valueName: "seconds"))
  var serverPatience: Double?

  @Option(
    help: ArgumentHelp(
      "How many of the likeliest tokens a server reports if an entropy is needed. Default: 20.", valueName: "count"))
  var serverTop: Int?

  @Flag(
    inversion: .prefixedNo,
    help: "Let a server write on past a blank line, in case the same model writes next. Fewer calls. Default: no.")
  var serverLookAhead: Bool?

  @Flag(
    inversion: .prefixedNo,
    help: "Let a server read what the other model wrote while that one still writes. Default: no.")
  var serverWarmUp: Bool?

  /// What the flags say; nil if they say nothing.
  var options: RunOptions.Servers? {
    let options = RunOptions.Servers(
      keyVariable: serverKeyEnv, keyFile: serverKeyFile, certificates: serverCa, proxy: serverProxy,
      connectTimeout: serverConnectTimeout, readTimeout: serverReadTimeout, patience: serverPatience,
      reportedTokens: serverTop, looksAhead: serverLookAhead, warmsUp: serverWarmUp)
    return options == RunOptions.Servers() ? nil : options
  }
}
