package import Hummingbird
package import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle

/// What Tandem serves over HTTP: runs of pairs of models, and length rewards for trainers.
///
/// | | |
/// | --- | --- |
/// | `GET /` | the page that shows who thinks |
/// | `GET /health`, `GET /ready` | whether the process is alive, and whether it takes requests |
/// | `GET /v1/models` | the names that a request may give |
/// | `POST /v1/chat/completions` | an answer with its thinking |
/// | `POST /v1/completions` | a text continued by one model, without a strategy |
/// | `POST /tokenize`, `POST /detokenize`, `GET /tokenizer_info` | one model's tokens |
/// | `POST /v1/responses` | the same in the words of OpenAI's responses, without storage |
/// | `POST /v1/messages`, `POST /v1/messages/count_tokens` | the same in Anthropic's words |
/// | `POST /v1/runs` | the events of a run |
/// | `POST /v1/chat/completions/control` | `RunAction` for a run under way |
/// | `GET /v1/traces`, `GET /v1/traces/ID` | stored traces |
/// | `GET /v1/rewards`, `POST /v1/rewards`, `POST /v1/judgements` | see `RewardRequest`, `JudgementRequest` |
///
/// Errors are `ServerError`. Engines come in as values, within `ServedModels`.
package struct Server: Sendable {
  /// Where it listens, and what it does with each request.
  package struct Configuration: Sendable {
    package var host = "127.0.0.1"
    /// 0 takes one that is free.
    package var port = 0
    package var limits = ServerLimits()
    /// Run before each route, the first one outermost: keys, hosts, logs and metrics. What they throw becomes an error
    /// response with a request id.
    package var middlewares: [any MiddlewareProtocol<Request, Response, ServerContext>] = []
    /// Wraps the HTTP server, for TLS.
    package var transport: @Sendable (HTTPServerBuilder) throws -> HTTPServerBuilder = { $0 }
    /// Where the traces of runs are stored, and served from; nil to store none.
    package var traces: TraceStore?
    /// More routes.
    package var routes: [@Sendable (Router<ServerContext>) -> Void] = []

    package init() {}
  }

  private let configuration: Configuration
  /// The runs; nil if only rewards are served.
  package let runs: RunService?

  /// - Parameter models: What is served; nil for rewards only.
  package init(_ models: ServedModels?, _ configuration: Configuration = .init()) {
    self.configuration = configuration
    runs = models.map { RunService($0, limits: configuration.limits, traces: configuration.traces) }
  }

  /// Serves until the task is cancelled. Then it takes no more runs, lets those that have begun come to their end as
  /// `RunService.drain` says, answers the requests that have begun, and returns.
  ///
  /// - Parameter onStart: Gets the port.
  ///
  /// Throws if the server can't listen at its address.
  package func run(onStart: @escaping @Sendable (Int) -> Void) async throws {
    var logger = Logger(label: "tandem")
    logger.logLevel = .error
    let (limits, address) = (configuration.limits, BindAddress.hostname(configuration.host, port: configuration.port))
    let http = HTTPServerBuilder.http1(
      configuration: .init(additionalChannelHandlers: [HangUp()], idleTimeout: TimeAmount(limits.idle)))
    let application = Application(
      router: router(), server: try configuration.transport(http),
      configuration: ApplicationConfiguration(address: address),
      onServerRunning: { channel in onStart(channel.localAddress?.port ?? 0) }, logger: logger)
    var services = ServiceGroupConfiguration(services: [application], logger: logger)
    services.maximumGracefulShutdownDuration = limits.ending
    let group = ServiceGroup(configuration: services)
    // Not a child of this task: its cancellation would cut connections off.
    let service = Task { try await group.run() }
    try await withTaskCancellationHandler {
      do {
        try await service.value
      } catch  where Task.isCancelled {
        // It took longer than `ending` to answer.
      }
    } onCancel: {
      Task {
        await runs?.drain()
        await group.triggerGracefulShutdown()
      }
    }
  }

  /// All routes.
  func router() -> Router<ServerContext> {
    let router = Router(context: ServerContext.self)
    router.add(middleware: ErrorMiddleware())
    for middleware in configuration.middlewares { router.add(middleware: middleware) }
    router.add(middleware: ErrorMiddleware())
    router.add(middleware: BodyMiddleware(limits: configuration.limits))
    router.addHealth(runs)
    router.addRewards()
    if let runs {
      router.addModels(runs.models, created: UnixTime.now)
      router.addChat(runs)
      router.addCompletions(runs)
      router.addMessages(runs)
      router.addResponses(runs)
      router.addRuns(runs)
      router.addPage()
    }
    if let traces = configuration.traces { router.addTraces(traces) }
    for add in configuration.routes { add(router) }
    return router
  }
}

extension Router<ServerContext> {
  /// `GET /health`: alive. `GET /ready`: takes requests, and the servers of its models answer.
  fileprivate func addHealth(_ runs: RunService?) {
    get("health") { _, _ in try Response(json: Health(status: "ok")) }
    get("ready") { _, _ in
      if runs?.isDraining == true { throw RunService.draining }
      try await runs?.models.checkAvailability()
      return try Response(json: Health(status: "ok"))
    }
  }
}

private struct Health: Encodable {
  let status: String
}
