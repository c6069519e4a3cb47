#if Servers
import ArgumentParser
import Foundation
import Tandem
import TandemCommandLine
import TandemServer
import TandemSetup
import TandemSupport

/// A configuration that was checked: everything is known but what is in the models.
struct ServeSetup {
  let server: ServerOptions
  let access: ServerAccess
  let pairs: [OfferedPair]
  let models: [OfferedModel]
  private let config: ServeConfig

  /// Throws for whatever is wrong, before any model is loaded.
  init(_ config: ServeConfig) async throws {
    self.config = config
    server = config.server.overDefaults()
    try server.validate()
    access = try Self.access(server)
    if server.insecure != true { try access.validate(host: server.host ?? "") }
    let drafts = config.allPairs
    var pairs: [OfferedPair] = []
    for draft in drafts { pairs.append(try await OfferedPair(draft)) }
    models = try (config.models ?? []).map { [pairs] in try OfferedModel($0, pairs, drafts) }
    self.pairs = pairs
    try checkNames()
  }

  var host: String { server.host ?? "127.0.0.1" }
  var port: Int { server.port ?? 8080 }

  /// Where the page is.
  func address(port: Int) -> String {
    "\(access.tls == nil ? "http" : "https")://\(host.contains(":") ? "[\(host)]" : host):\(port)"
  }

  private static func access(_ server: ServerOptions) throws -> ServerAccess {
    var access = ServerAccess()
    if let path = server.keys {
      let keys = try OptionFile(path).options(KeyFile.self, kind: "a file of keys").keys
      do { access.keys = try APIKeys(keys) } catch {
        throw SetupError.invalidFile(path: path, reason: error.description.trimmingCharacters(in: ["."]))
      }
    }
    access.hosts = Set((server.hosts ?? []).map { $0.lowercased() } + [server.host ?? ""])
    access.origins = Set(server.origins ?? [])
    if let certificate = server.tlsCertificate, let key = server.tlsKey {
      access.tls = TLSFiles(certificate: certificate, key: key)
      _ = try access.tls?.configuration()
    }
    return access
  }

  /// Every name is that of one thing, and every alias that of a name.
  private func checkNames() throws {
    var taken: Set<String> = []
    for name in pairs.map(\.name) + models.map(\.name) {
      guard taken.insert(name).inserted else {
        throw SetupError.invalidOption(
          name: "name", reason: "must be another one for each pair and model: \(name) is there twice")
      }
    }
    let names =
      pairs.flatMap { pair in [pair.name] + pair.strategies.map { "\(pair.name)/\(type(of: $0).name)" } }
      + models.map(\.name)
    for (alias, name) in server.aliases ?? [:] where !names.contains(name) {
      let hint = names.nearest(to: name).map { "; the nearest name is '\($0)'" } ?? ""
      throw SetupError.invalidOption(
        name: "aliases", reason: "has '\(alias)' for '\(name)', and there is no such model\(hint)")
    }
  }

  /// The configuration with all defaults, as a file that means the same.
  var text: String {
    get throws {
      var full = config
      full.server = server
      full.shared = ServeConfig.PairDraft()
      full.pairs = zip(pairs, config.allPairs).map { pair, draft in
        var draft = draft
        draft.name = pair.name
        let servers = draft.options.servers
        draft.options = RunOptions(pair.conditions)
        draft.options.servers = servers
        draft.strategy = type(of: pair.strategy).name
        draft.settings = Strategies.settings(of: pair.strategy)
        draft.strategies = pair.strategies.map { type(of: $0).name }
        return draft
      }
      return try YAML.write(full)
    }
  }
}
#endif
