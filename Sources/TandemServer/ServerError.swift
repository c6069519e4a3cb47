import Hummingbird
import TandemRewards
import TandemSupport

/// What a request is answered with that can't be done, as JSON:
///
///     {"error": {"type": "invalid", "message": "reward can be tldr, …, not tdlr"}}
struct ServerError: Error, HTTPResponseError, Encodable {
  let status: HTTPResponse.Status
  let kind: Kind
  let message: String

  enum Kind: String, Encodable {
    /// The body is not JSON, or not of the right form.
    case malformed
    case notFound = "not-found"
    case tooLarge = "too-large"
    /// The body can be read and makes no sense.
    case invalid
    case failed
  }

  init(_ status: HTTPResponse.Status, _ kind: Kind, _ message: String) {
    (self.status, self.kind, self.message) = (status, kind, message)
  }

  private enum CodingKeys: CodingKey { case error }
  private enum InnerKeys: CodingKey { case type, message }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    var inner = container.nestedContainer(keyedBy: InnerKeys.self, forKey: .error)
    try inner.encode(kind, forKey: .type)
    try inner.encode(message, forKey: .message)
  }

  func response(from request: Request, context: some RequestContext) throws -> Response {
    var response = try context.responseEncoder.encode(self, from: request, context: context)
    response.status = status
    return response
  }
}

/// Turns whatever goes wrong in a route into a `ServerError`.
struct ErrorMiddleware<Context: RequestContext>: RouterMiddleware {
  func handle(
    _ request: Request, context: Context, next: (Request, Context) async throws -> Response
  ) async throws -> Response {
    do {
      return try await next(request, context)
    } catch let error as ServerError {
      throw error
    } catch let error as RewardError {
      throw ServerError(.unprocessableContent, .invalid, error.description)
    } catch let error as DecodingError {
      throw ServerError(.badRequest, .malformed, "The body can't be read: \(error.fault).")
    } catch let error as any HTTPResponseError {
      switch error.status {
      case .notFound:
        throw ServerError(.notFound, .notFound, "There is nothing at \(request.method) \(request.uri.path).")
      default: throw ServerError(error.status, .malformed, "\(error)")
      }
    } catch is CancellationError {
      throw CancellationError()
    } catch {
      throw ServerError(.internalServerError, .failed, "\(error)")
    }
  }
}
