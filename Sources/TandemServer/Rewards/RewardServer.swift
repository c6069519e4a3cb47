import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
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

  /// How large and how slow a request may be.
  package struct Limits: Sendable {
    /// The most bytes of a body.
    package var body = uploadLimit
    /// How long a body may take to arrive.
    package var reading: Duration = .seconds(60)
    /// How long a connection may stay open without a request, or with half of one's head.
    package var idle: Duration = .seconds(60)
    /// How long requests may take to be answered after the server was told to end.
    package var ending: Duration = .seconds(10)

    package init() {}
  }

  private let host: String
  private let port: Int
  private let limits: Limits

  /// - Parameter port: 0 takes one that is free.
  package init(host: String = "127.0.0.1", port: Int = 0, limits: Limits = Limits()) {
    self.host = host
    self.port = port
    self.limits = limits
  }

  /// Serves until the task is cancelled. Then it accepts no more connections and answers the requests that have begun,
  /// for at most `Limits.ending`, and returns.
  ///
  /// - Parameter onStart: Gets the port.
  ///
  /// Throws if the server can't listen at its address.
  package func run(onStart: @escaping @Sendable (Int) -> Void) async throws {
    var logger = Logger(label: "tandem")
    logger.logLevel = .error
    let application = Application(
      router: Self.router(limits), server: .http1(configuration: .init(idleTimeout: TimeAmount(limits.idle))),
      configuration: ApplicationConfiguration(address: .hostname(host, port: port)),
      onServerRunning: { channel in onStart(channel.localAddress?.port ?? 0) }, logger: logger)
    var configuration = ServiceGroupConfiguration(services: [application], logger: logger)
    configuration.maximumGracefulShutdownDuration = limits.ending
    let group = ServiceGroup(configuration: configuration)
    // Not a child of this task: its cancellation would cut connections off.
    let service = Task { try await group.run() }
    try await withTaskCancellationHandler {
      do {
        try await service.value
      } catch  where Task.isCancelled {
        // It took longer than `ending` to answer.
      }
    } onCancel: {
      Task { await group.triggerGracefulShutdown() }
    }
  }

  static func router(_ limits: Limits = Limits()) -> Router<ServerContext> {
    let router = Router(context: ServerContext.self)
    router.add(middleware: ErrorMiddleware())
    router.add(middleware: BodyMiddleware(limits: limits))
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
