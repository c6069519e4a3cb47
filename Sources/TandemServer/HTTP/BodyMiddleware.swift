import Hummingbird
import NIOCore

/// Reads the whole body of a request before its route is called, within a time and a size.
///
/// A body that is too large, too slow or incomplete gets an answer, and the connection is closed: what follows on it
/// could not be told from the rest of that body.
struct BodyMiddleware: RouterMiddleware {
  let limits: ServerLimits

  func handle(
    _ request: Request, context: ServerContext, next: (Request, ServerContext) async throws -> Response
  ) async throws -> Response {
    var request = request
    do {
      request.body = RequestBody(buffer: try await read(request.body))
    } catch is CancellationError {
      throw CancellationError()
    } catch {
      var response = try Self.error(error, limits).response(from: request, context: context)
      response.headers[.connection] = "close"
      context.closeSoon()
      return response
    }
    return try await next(request, context)
  }

  private func read(_ body: RequestBody) async throws -> ByteBuffer {
    try await withThrowingTaskGroup(of: ByteBuffer?.self) { group in
      group.addTask { try await body.collect(upTo: limits.body) }
      group.addTask {
        try await Task.sleep(for: limits.reading)
        return nil
      }
      defer { group.cancelAll() }
      guard let first = try await group.next(), let buffer = first else { throw TooSlow() }
      return buffer
    }
  }

  private struct TooSlow: Error {}

  private static func error(_ error: any Error, _ limits: ServerLimits) -> ServerError {
    switch error {
    case is TooSlow:
      ServerError(
        .requestTimeout, .invalidRequest, "The body did not arrive within \(limits.reading.components.seconds) s.",
        code: "timeout")
    case let error as any HTTPResponseError where error.status == .contentTooLarge:
      ServerError(
        .contentTooLarge, .invalidRequest, "The body is larger than \(limits.body) bytes.", code: "too_large")
    default:
      .invalid("The body ended before all of it had arrived.", code: "malformed")
    }
  }
}
