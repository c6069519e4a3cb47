import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization
import TandemInference

/// The calls of one server: connections, keys, repetition of calls that never reached it, and errors with its name.
final class HTTPTransport: Sendable {
  /// The server's address, as errors name it.
  let server: String
  /// Its scheme, name and port: what connections are made to.
  let host: String
  private let options: RemoteOptions
  private let client: HTTPClient
  private let calls = Atomic<UInt64>(0)

  /// The most bytes of an answer that is not a stream: log-probabilities of a whole vocabulary have less.
  private static let mostBytes = 64 << 20

  /// Throws `invalidParameter` for certificates that can't be read or a proxy that is no address.
  init(_ address: RemoteAddress, _ options: RemoteOptions) throws(EngineError) {
    server = address.server.absoluteString
    let url = address.server
    host = "\(url.scheme ?? "")://\(url.host() ?? ""):\(url.port.map(String.init) ?? "")"
    self.options = options
    client = try HTTPClients.client(for: options)
  }

  /// A whole answer. Throws `EngineError` for a server that can't be reached or refuses the call.
  func send(_ request: RemoteRequest) async throws -> RemoteResponse {
    try await repeating { _ in
      let response = try await open(request)
      let body = try await response.body.collect(upTo: Self.mostBytes)
      return RemoteResponse(status: Int(response.status.code), body: Array(buffer: body))
    }
  }

  /// A streamed answer. It begins at once; errors come from `next()`.
  ///
  /// - Parameter onEnd: Called once, when the connection is free or closed.
  func stream(_ request: RemoteRequest, onEnd: @escaping @Sendable () -> Void = {}) -> EventStream {
    EventStream(onEnd: onEnd) { [self] continuation in
      try await repeating { isHandedOn in
        let response = try await open(request)
        try await checkIsStream(response)
        var parser = ServerSentEvents()
        for try await chunk in response.body {
          for event in try parser.append(chunk.readableBytesView) {
            isHandedOn = true
            continuation.yield(event)
          }
        }
      }
    }
  }

  /// A whole answer as a stream of one event.
  func wholeStream(_ request: RemoteRequest, onEnd: @escaping @Sendable () -> Void = {}) -> EventStream {
    EventStream(onEnd: onEnd) { [self] continuation in continuation.yield(try await send(request).body) }
  }

  /// Makes a call again for as long as `Retry` says, and nothing of its answer was handed on.
  private func repeating<Value>(_ call: (_ isHandedOn: inout Bool) async throws -> Value) async throws -> Value {
    var retry = Retry(patience: options.patience)
    while true {
      var isHandedOn = false
      do {
        return try await call(&isHandedOn)
      } catch {
        try Task.checkCancellation()
        guard !isHandedOn, case .wait(let time) = retry.decision(after: error) else { throw named(error) }
        try await Task.sleep(for: time)
      }
    }
  }

  /// The head of the answer to `request`, which has status 200.
  private func open(_ request: RemoteRequest) async throws -> HTTPClientResponse {
    let response = try await client.execute(made(request), deadline: .distantFuture)
    guard response.status == .ok else {
      throw Refusal(
        status: Int(response.status.code), body: try await start(of: response),
        retryAfter: response.headers.first(name: "retry-after"), location: response.headers.first(name: "location"))
    }
    return response
  }

  /// Throws `RemoteFault` for a page, or anything else that is no stream of events.
  private func checkIsStream(_ response: HTTPClientResponse) async throws {
    let type = response.headers.first(name: "content-type") ?? "nothing"
    guard !type.lowercased().hasPrefix("text/event-stream") else { return }
    let body = try await start(of: response)
    throw RemoteFault("it sends '\(type)', which is no stream of events: \(Refusal.message(in: body))")
  }

  /// The first bytes of an answer that is not what it should be.
  private func start(of response: HTTPClientResponse) async throws -> [UInt8] {
    var bytes: [UInt8] = []
    for try await chunk in response.body {
      bytes += chunk.readableBytesView
      if bytes.count >= 1 << 16 { break }
    }
    return bytes
  }

  private func made(_ request: RemoteRequest) -> HTTPClientRequest {
    var made = HTTPClientRequest(url: server + request.path)
    made.headers.add(name: "accept", value: "application/json, text/event-stream")
    if let key = options.key { made.headers.add(name: "authorization", value: "Bearer \(key)") }
    if let affinity = request.affinity {
      made.headers.add(name: "x-session-id", value: affinity)
      // For the server's log. Never twice, even if a call is repeated: vLLM takes it for the call's identity.
      let number = calls.wrappingAdd(1, ordering: .relaxed).newValue
      made.headers.add(name: "x-request-id", value: "\(affinity)-\(number)")
    }
    if request.closesConnection { made.headers.add(name: "connection", value: "close") }
    guard let body = request.body else { return made }
    made.method = .POST
    made.headers.add(name: "content-type", value: "application/json")
    made.body = .bytes(body)
    return made
  }

  /// The error with the server's name; a cancelled call throws `CancellationError`.
  private func named(_ error: any Error) -> any Error {
    switch error {
    case is CancellationError, is EngineError: error
    case let refusal as Refusal: refusal.error(of: server)
    case let fault as RemoteFault: EngineError.badResponse(server: server, reason: fault.reason)
    case let error as HTTPClientError where error == .cancelled: CancellationError()
    default: EngineError.unreachable(server: server, reason: reason(error))
    }
  }

  /// What the client's errors mean to whoever started the server.
  private func reason(_ error: any Error) -> String {
    switch error {
    case let error as HTTPClientError where error == .readTimeout:
      "it has sent nothing for \(options.readTimeout) seconds"
    case let error as HTTPClientError where error == .connectTimeout:
      "there was no connection within \(options.connectTimeout) seconds"
    case _ where Retry.isClosedConnection(error): "it closed the connection before its answer was complete"
    case let error as NIOConnectionError: error.connectionErrors.first.map { reason($0.error) } ?? "\(error)"
    case let error as IOError: String(cString: strerror(error.errnoCode))
    default: "\(error)"
    }
  }
}

/// One client for all servers that are spoken to in the same way, so that both roles of a pair share its connections.
private enum HTTPClients {
  private struct Key: Hashable {
    let certificates, proxy: String?
    let connectTimeout, readTimeout: Double
    let opensAhead: Bool
  }

  private static let clients = Mutex<[Key: HTTPClient]>([:])

  static func client(for options: RemoteOptions) throws(EngineError) -> HTTPClient {
    let key = Key(
      certificates: options.certificates, proxy: options.proxy, connectTimeout: options.connectTimeout,
      readTimeout: options.readTimeout, opensAhead: options.opensAhead)
    return try clients.withLock { clients throws(EngineError) in
      if let client = clients[key] { return client }
      // Never shut down: it lives as long as the process.
      let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: try configuration(options))
      clients[key] = client
      return client
    }
  }

  private static func configuration(_ options: RemoteOptions) throws(EngineError) -> HTTPClient.Configuration {
    var configuration = HTTPClient.Configuration()
    configuration.httpVersion = .http1Only
    configuration.redirectConfiguration = .disallow  // a key must not follow to another host
    configuration.timeout = .init(
      connect: .nanoseconds(Int64(options.connectTimeout * 1e9)), read: .nanoseconds(Int64(options.readTimeout * 1e9)))
    // The engine's own gate bounds the calls; a second bound here would only hide them in a queue.
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 1024
    // llama-server closes the connection after each stream: the next one is open by then, which saves a round trip.
    configuration.connectionPool.preWarmedHTTP1ConnectionCount = options.opensAhead ? 1 : 0
    configuration.connectionPool.retryConnectionEstablishment = false  // it takes the whole time limit; `Retry` does it
    if let path = options.certificates {
      var tls = TLSConfiguration.makeClientConfiguration()
      do {
        tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(path))
      } catch {
        throw .invalidParameter(name: "certificates", reason: "can't be read from \(path): \(error)")
      }
      configuration.tlsConfiguration = tls
    }
    if let proxy = options.proxy {
      guard let parts = URLComponents(string: proxy), let host = parts.host, parts.scheme == "http" else {
        throw .invalidParameter(name: "proxy", reason: "must be like http://host:3128, not '\(proxy)'")
      }
      configuration.proxy = .server(host: host, port: parts.port ?? 3128)
    }
    return configuration
  }
}
