import ArgumentParser
import Foundation
import TandemInference
import TandemRemote
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

extension RunOptions.Servers {
  /// How the server at `address` is spoken to. Throws for a key that is not where it should be.
  func options(for address: RemoteAddress) throws -> RemoteOptions {
    let usual = RemoteOptions()
    return RemoteOptions(
      key: try key(for: address), certificates: certificates, proxy: proxy,
      connectTimeout: connectTimeout ?? usual.connectTimeout, readTimeout: readTimeout ?? usual.readTimeout,
      patience: patience ?? usual.patience, reportedTokens: reportedTokens ?? usual.reportedTokens,
      looksAhead: looksAhead ?? usual.looksAhead, warmsUp: warmsUp ?? usual.warmsUp)
  }

  private func key(for address: RemoteAddress) throws -> String? {
    let environment = ProcessInfo.processInfo.environment
    if let keyFile { return try key(for: address, in: keyFile) }
    guard let keyVariable else { return environment["TANDEM_SERVER_KEY"].flatMap { $0.isEmpty ? nil : $0 } }
    guard let key = environment[keyVariable], !key.isEmpty else {
      throw SetupError.invalidOption(
        name: "servers.keyVariable", reason: "names the environment variable \(keyVariable), which is not set")
    }
    return key
  }

  /// The key of a file with nothing else, or the one beside the server's address; nil if the server is not there.
  private func key(for address: RemoteAddress, in path: String) throws -> String? {
    let text = String(decoding: try UserFile.contents(of: path), as: UTF8.self)
    let lines = text.split(whereSeparator: \.isNewline).map { $0.split(whereSeparator: \.isWhitespace) }
      .filter { $0.first.map { !$0.hasPrefix("#") } ?? false }
    if lines.count == 1, lines[0].count == 1 { return String(lines[0][0]) }
    for (number, words) in lines.enumerated() {
      guard words.count == 2, let known = try? RemoteAddress(parsing: String(words[0])) else {
        throw SetupError.invalidFile(
          path: path, reason: "line \(number + 1) is not an address and a key, http://host:8000 KEY")
      }
      if known.server == address.server { return String(words[1]) }
    }
    return nil
  }
}
