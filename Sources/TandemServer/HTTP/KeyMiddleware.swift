import Hummingbird

/// Lets through who has a key. Without any keys, everybody has.
struct KeyMiddleware: RouterMiddleware {
  let keys: APIKeys
  /// Paths that need none: for those who watch over a server, and for a page on which the key is typed.
  let open: Set<String>

  func handle(
    _ request: Request, context: ServerContext, next: (Request, ServerContext) async throws -> Response
  ) async throws -> Response {
    guard !keys.isEmpty, !open.contains(request.uri.path) else { return try await next(request, context) }
    guard let secret = Self.secret(of: request.headers) else {
      throw ServerError.unauthorized("This server needs a key, as 'Authorization: Bearer KEY' or 'x-api-key: KEY'.")
    }
    guard let key = keys.find(secret.utf8) else {
      throw ServerError.unauthorized("The key is none of this server's.")
    }
    var context = context
    context.caller = key
    context.key = key.name
    context.record.note { $0.key = key.name }
    return try await next(request, context)
  }

  private static func secret(of headers: HTTPFields) -> String? {
    if let authorization = headers[.authorization] {
      return authorization.wholeMatch(of: /(?i:bearer) +(\S+)/).map { String($0.1) }
    }
    return headers[.apiKey]
  }
}
