import HTTPTypes
import Hummingbird

/// Turns whatever goes wrong in a route into a response with a `ServerError`, and gives each response the id of its
/// request, which clients report.
///
/// It is there several times: around the routes, so that logs and metrics see a status whatever happens, and around whatever
/// may refuse a request before.
struct ErrorMiddleware: RouterMiddleware {
  func handle(
    _ request: Request, context: ServerContext, next: (Request, ServerContext) async throws -> Response
  ) async throws -> Response {
    var response: Response
    do {
      response = try await next(request, context)
    } catch is CancellationError {
      throw CancellationError()
    } catch {
      let error = Self.error(error, request)
      context.record.note { $0.error = error.code ?? error.kind.rawValue }
      response = try error.response(from: request, context: context)
    }
    response.headers[.requestID] = context.requestID
    return response
  }

  private static func error(_ error: any Error, _ request: Request) -> ServerError {
    // What Hummingbird itself refuses.
    guard !(error is ServerError), let error = error as? any HTTPResponseError else { return ServerError(error) }
    guard error.status == .notFound else {
      return ServerError(error.status, .invalidRequest, "\(error)", code: "malformed")
    }
    return ServerError(
      .notFound, .notFound, "There is nothing at \(request.method) \(request.uri.path).", code: "not_found")
  }
}

extension HTTPField.Name {
  /// `x-request-id`, which OpenAI's client reports.
  static let requestID = HTTPField.Name(parsed: "x-request-id") ?? .from
}
