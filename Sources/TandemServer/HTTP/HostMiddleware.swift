import Hummingbird
import NIOCore

/// Keeps web pages out of a server that has no keys.
///
/// A browser lets a page of any site send requests to 127.0.0.1, and one whose name resolves to 127.0.0.1 also read the
/// answers (DNS rebinding). The first has another `Origin` than the server, the second another `Host`.
struct HostMiddleware: RouterMiddleware {
  /// Names, without a port, under which the server is called, besides `localhost` and addresses.
  let names: Set<String>
  /// Origins that are let in all the same.
  let origins: Set<String>

  func handle(
    _ request: Request, context: ServerContext, next: (Request, ServerContext) async throws -> Response
  ) async throws -> Response {
    guard let authority = request.head.authority, !authority.isEmpty else {
      throw ServerError.invalid("The request has no Host.", code: "host_missing")
    }
    let host = Self.host(of: authority)
    guard host == "localhost" || host.hasSuffix(".localhost") || Self.isAddress(host) || names.contains(host) else {
      throw ServerError.forbidden("This server is not called '\(host)'.")
    }
    if let origin = request.headers[.origin], !origins.contains(origin), !Self.isOwn(origin, authority) {
      throw ServerError.forbidden("Pages of \(origin) may not use this server.")
    }
    return try await next(request, context)
  }

  /// The name in `name:port`, as it is compared.
  private static func host(of authority: String) -> String {
    let name = authority.wholeMatch(of: /(\[.*\]|[^:]*)(?::[0-9]*)?/).map { String($0.1) } ?? authority
    return name.lowercased()
  }

  /// Whether it is an address, which no page can make resolve to something else.
  private static func isAddress(_ host: String) -> Bool {
    let address = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
    return (try? SocketAddress(ipAddress: address, port: 0)) != nil
  }

  private static func isOwn(_ origin: String, _ authority: String) -> Bool {
    ["http://\(authority)", "https://\(authority)"].contains { $0.lowercased() == origin.lowercased() }
  }
}
