import Hummingbird
import HummingbirdTLS

extension Server.Configuration {
  /// Lets in whom `access` says, counts each request at `/metrics`, and gives `log` a line of JSON about it.
  ///
  /// - Parameter hasPrompts: Whether these lines have what was asked.
  ///
  /// Throws `ServerSetupError` for a certificate that can't be used.
  package mutating func use(
    _ access: ServerAccess, models: ServedModels, hasPrompts: Bool = false,
    log: @escaping @Sendable (String) -> Void
  ) throws {
    let metrics = ServerMetrics(models: Set(models.all.map(\.name)))
    middlewares.append(
      RecordMiddleware(hasPrompts: hasPrompts) { notes in
        metrics.count(notes)
        log(RequestLine(notes: notes).text)
      })
    middlewares.append(SecurityHeadersMiddleware())
    middlewares.append(OriginMiddleware(origins: access.origins))
    middlewares.append(ErrorMiddleware())
    if access.keys.isEmpty {
      middlewares.append(HostMiddleware(names: access.hosts, origins: access.origins))
    } else {
      middlewares.append(KeyMiddleware(keys: access.keys, open: Self.openPaths))
      middlewares.append(LimitMiddleware(limits: KeyLimits(), paths: Self.runPaths))
    }
    routes.append { router in router.addMetrics(metrics, models) }
    if let tls = try access.tls?.configuration() { transport = { try .tls($0, tlsConfiguration: tls) } }
  }

  /// For those who watch over a server, and the page, on which a key is typed.
  private static let openPaths = PageFile.paths.union(["/health", "/ready"])

  private static let runPaths: Set<String> = [
    "/v1/chat/completions", "/v1/completions", "/v1/responses", "/v1/messages", "/v1/runs",
  ]
}
