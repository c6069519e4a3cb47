import Hummingbird
import Logging
import TandemRewards

/// Length rewards over HTTP, for trainers that are not this one.
///
/// | | |
/// | --- | --- |
/// | `GET /health` | `{"status": "ok"}` |
/// | `GET /v1/rewards` | the rules that there are, with their coefficients |
/// | `POST /v1/rewards` | `RewardRequest` → `RewardResponse` |
/// | `POST /v1/judgements` | `JudgementRequest` → `JudgementResponse` |
///
/// Errors are `ServerError`. Nothing is kept between requests, and there is no authentication.
package struct RewardServer: Sendable {
  /// The most bytes of a request's body.
  package static let uploadLimit = 16 * 1024 * 1024

  private let host: String
  private let port: Int

  /// - Parameter port: 0 takes one that is free.
  package init(host: String = "127.0.0.1", port: Int = 0) {
    self.host = host
    self.port = port
  }

  /// Answers until SIGINT or SIGTERM; what has begun by then is answered.
  ///
  /// - Parameter onStart: Gets the port. Throws where it is taken.
  package func run(onStart: @escaping @Sendable (Int) -> Void) async throws {
    let application = application(onStart: onStart)
    // Not a child: the command line cancels its own task at SIGINT, which would cut connections off.
    try await Task { try await application.runService() }.value
  }

  private func application(onStart: @escaping @Sendable (Int) -> Void) -> some ApplicationProtocol {
    var logger = Logger(label: "tandem")
    logger.logLevel = .error
    return Application(
      router: Self.router(), configuration: ApplicationConfiguration(address: .hostname(host, port: port)),
      onServerRunning: { channel in onStart(channel.localAddress?.port ?? 0) }, logger: logger)
  }

  static func router() -> Router<ServerContext> {
    let router = Router(context: ServerContext.self)
    router.add(middleware: ErrorMiddleware(uploadLimit: uploadLimit))
    router.get("health") { _, _ in Health(status: "ok") }
    router.get("v1/rewards") { _, _ in try RewardList() }
    // By the decoder itself: `Request.decode` would say in words of its own what is wrong.
    router.post("v1/rewards") { request, context in
      try await context.requestDecoder.decode(RewardRequest.self, from: request, context: context).response()
    }
    router.post("v1/judgements") { request, context in
      try await context.requestDecoder.decode(JudgementRequest.self, from: request, context: context).response()
    }
    return router
  }
}

extension RewardList: ResponseEncodable {}

private struct Health: ResponseEncodable {
  let status: String
}
