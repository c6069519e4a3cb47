import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
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
    case _ where Self.isClosedConnection(error) && !hasReconnected:
      // A kept connection that the server has closed meanwhile: the call never reached it.
      hasReconnected = true
      return .wait(.zero)
    case _ where Self.isConnectFailure(error) || Self.isClosedConnection(error): return backOff(atLeast: nil, random)
    default: return .fail
    }
  }

  private mutating func backOff(atLeast least: Duration?, _ random: Double) -> Decision {
    tries += 1
    let wait = max(least ?? .zero, .seconds(0.25 * Double(1 << min(tries - 1, 6)) * (0.5 + random / 2)))
    guard tries <= 5, began.duration(to: .now) + wait < patience else { return .fail }
    return .wait(wait)
  }

  static func isClosedConnection(_ error: any Error) -> Bool {
    if let error = error as? HTTPClientError, error == .remoteConnectionClosed { return true }
    if let error = error as? HTTPParserError, error == .invalidEOFState { return true }
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
  /// Where a redirect points to.
  let location: String?
  /// The tokens of a prompt that does not fit, and how many would.
  let overflow: Overflow?

  struct Overflow: Sendable, Equatable {
    let needed, capacity: Int
  }

  init(status: Int, body: [UInt8], retryAfter: String? = nil, location: String? = nil) {
    self.status = status
    let failure = try? JSON.decode(Failure.self, body)
    message = failure?.message ?? Self.text(of: body)
    overflow = failure?.overflow
    self.retryAfter = retryAfter.flatMap(Double.init).flatMap { $0 >= 0 && $0 < 3600 ? .seconds($0) : nil }
    self.location = location
  }

  /// Whether the same call may succeed later: overload, or a gateway whose worker is restarting.
  var isTemporary: Bool { [429, 502, 503, 504].contains(status) }

  /// What a body says, in one of the forms of `Failure` or as text.
  static func message(in body: [UInt8]) -> String {
    (try? JSON.decode(Failure.self, body))?.message ?? text(of: body)
  }

  private static func text(of body: [UInt8]) -> String {
    body.isEmpty ? "without a reason" : String(decoding: body.prefix(300), as: UTF8.self)
  }

  /// The error that a caller gets.
  func error(of server: String) -> EngineError {
    if let overflow { return .contextFull(needed: overflow.needed, capacity: overflow.capacity) }
    return switch status {
    case 401, 403: .unauthorized(server: server)
    case 300..<400: .refused(server: server, status: status, reason: redirection)
    default: .refused(server: server, status: status, reason: message)
    }
  }

  private var redirection: String {
    "it redirects to \(location ?? "nowhere"). Redirects are not followed, since a key would go with them: "
      + "give the address of the server itself"
  }
}

/// An error as servers write it: `{"error": "…"}`, `{"error": {"message": "…"}}` or `{"message": "…"}`.
struct Failure: Decodable, Sendable {
  let message: String
  let overflow: Refusal.Overflow?

  private enum Key: CodingKey {
    case error, message, type, nPromptTokens, nCtx
  }

  init(from decoder: any Decoder) throws {
    let outer = try decoder.container(keyedBy: Key.self)
    if let text = try? outer.decode(String.self, forKey: .error) {
      (message, overflow) = (text, nil)
      return
    }
    let inner = (try? outer.nestedContainer(keyedBy: Key.self, forKey: .error)) ?? outer
    message = try inner.decode(String.self, forKey: .message)
    let isOverflow = (try? inner.decode(String.self, forKey: .type)) == "exceed_context_size_error"
    let needed = try? inner.decode(Int.self, forKey: .nPromptTokens)
    let capacity = try? inner.decode(Int.self, forKey: .nCtx)
    guard isOverflow, let needed, let capacity else {
      overflow = nil
      return
    }
    overflow = Refusal.Overflow(needed: needed, capacity: capacity)
  }
}
