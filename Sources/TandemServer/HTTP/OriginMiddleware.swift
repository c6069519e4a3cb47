import Hummingbird

/// Lets pages of listed origins read answers (CORS), and no others.
struct OriginMiddleware: RouterMiddleware {
  private let origins: Set<String>
  private let cors = CORSMiddleware<ServerContext>(
    allowOrigin: .originBased,
    allowHeaders: [.accept, .authorization, .contentType, .apiKey, .anthropicVersion, .traceParent],
    allowMethods: [.get, .post, .options], exposedHeaders: ["x-request-id", "retry-after"], maxAge: .hours(1))

  /// - Parameter origins: Such as `https://chat.example`, without a path.
  init(origins: Set<String>) { self.origins = origins }

  func handle(
    _ request: Request, context: ServerContext, next: (Request, ServerContext) async throws -> Response
  ) async throws -> Response {
    guard let origin = request.headers[.origin], origins.contains(origin) else {
      return try await next(request, context)
    }
    return try await cors.handle(request, context: context, next: next)
  }
}
