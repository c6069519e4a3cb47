import AsyncHTTPClient
import Foundation
import NIOCore
import NIOPosix
import TandemInference

/// When a call is made again. Each call is a pure function of its body, so it may be repeated as long as nothing of its
/// answer has been handed on.
struct Retry {
  private let patience: Duration
  private let began = ContinuousClock.now
  private var tries = 0
  private var hasReconnected = false

  init(patience: Double) { self.patience = .seconds(patience) }

  /// What to do after a failure.
  enum Decision: Equatable {
    case fail
    case wait(Duration)
  }

  /// Whether to try again after `error`, which came before the first byte of an answer.
  ///
  /// - Parameter random: From 0 to below 1: spreads the calls of many clients.
  mutating func decision(after error: any Error, random: Double = .random(in: 0..<1)) -> Decision {
    switch error {
    case let refusal as Refusal where refusal.isTemporary: return backOff(atLeast: refusal.retryAfter, random)
    case is Refusal: return .fail
    case _ where Self.isStaleConnection(error) && !hasReconnected:
      // A kept connection that the server has closed meanwhile: the call never reached it.
      hasReconnected = true
      return .wait(.zero)
    case _ where Self.isConnectFailure(error) || Self.isStaleConnection(error): return backOff(atLeast: nil, random)
    default: return .fail
    }
  }

  private mutating func backOff(atLeast least: Duration?, _ random: Double) -> Decision {
    tries += 1
    let wait = max(least ?? .zero, .seconds(0.25 * Double(1 << min(tries - 1, 6)) * (0.5 + random / 2)))
    guard tries <= 5, began.duration(to: .now) + wait < patience else { return .fail }
    return .wait(wait)
  }

  static func isStaleConnection(_ error: any Error) -> Bool {
    if let error = error as? HTTPClientError, error == .remoteConnectionClosed { return true }
    if let error = error as? ChannelError, case .ioOnClosedChannel = error { return true }
    return (error as? IOError)?.errnoCode == ECONNRESET || (error as? IOError)?.errnoCode == EPIPE
  }

  static func isConnectFailure(_ error: any Error) -> Bool {
    if let error = error as? HTTPClientError { return error == .connectTimeout || error == .tlsHandshakeTimeout }
    return error is NIOConnectionError || (error as? IOError)?.errnoCode == ECONNREFUSED
  }
}

/// An answer with another status than 200.
struct Refusal: Error, Sendable, Equatable {
  let status: Int
  let message: String
  let retryAfter: Duration?

  init(status: Int, body: [UInt8], retryAfter: String? = nil) {
    self.status = status
    message = Self.message(in: body)
    self.retryAfter = retryAfter.flatMap(Double.init).flatMap { $0 >= 0 && $0 < 3600 ? .seconds($0) : nil }
  }

  /// Whether the same call may succeed later: overload, or a gateway whose worker is restarting.
  var isTemporary: Bool { [429, 502, 503, 504].contains(status) }

  /// What a body says: `{"error": "…"}`, `{"error": {"message": "…"}}`, `{"message": "…"}`, or plain text.
  static func message(in body: [UInt8]) -> String {
    struct Inner: Decodable { let message: String? }
    struct Nested: Decodable { let error: Inner? }
    struct Flat: Decodable { let error: String? }
    let nested = (try? JSON.decode(Nested.self, body))?.error?.message
    let flat = (try? JSON.decode(Flat.self, body))?.error ?? (try? JSON.decode(Inner.self, body))?.message
    return nested ?? flat ?? String(decoding: body.prefix(300), as: UTF8.self)
  }

  /// The error that a caller gets.
  func error(of server: String) -> EngineError {
    status == 401 || status == 403
      ? .unauthorized(server: server) : .refused(server: server, status: status, reason: message)
  }
}
