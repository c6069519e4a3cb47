import Dispatch
import Foundation
import Testing

@testable import TandemServer

/// A connection that sends exactly what a test wants, whatever HTTP asks for.
///
/// Its calls block, so they run on a queue of their own: the server needs the threads of tasks.
final class Connection: Sendable {
  private let descriptor: Int32
  private let queue = DispatchQueue(label: "connection")

  init(port: Int) throws {
    #if canImport(Glibc)
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #else
    descriptor = socket(AF_INET, SOCK_STREAM, 0)
    #endif
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(UInt16(port).bigEndian)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafePointer(to: address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
    }
    try #require(status == 0, "\(String(cString: strerror(errno)))")
  }

  deinit { close(descriptor) }

  /// Goes away, as a client does whose program is stopped.
  func hangUp() { shutdown(descriptor, Int32(SHUT_RDWR)) }

  func send(_ text: String) async {
    let bytes = Array(text.utf8)
    await onQueue { [descriptor] in _ = Foundation.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) }
  }

  /// Says that nothing more is sent, and goes on reading.
  func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// What the server sends, until it closes the connection or `pattern` is in it; nil if it does neither in time.
  func read(until pattern: String? = nil, seconds: Int = 240) async -> String? {
    await onQueue { [descriptor] in
      var timeout = timeval(tv_sec: seconds, tv_usec: 0)
      setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
      var (text, buffer) = ("", [UInt8](repeating: 0, count: 4096))
      while pattern.map({ !text.contains($0) }) ?? true {
        let count = recv(descriptor, &buffer, buffer.count, 0)
        // Closed with bytes of ours unread: that is an end too.
        if count == 0 || (count < 0 && errno == ECONNRESET) { return text }
        guard count > 0 else { return nil }
        text += String(decoding: buffer[..<count], as: UTF8.self)
      }
      return text
    }
  }

  /// Whether the server has sent something that was not read yet.
  var hasAnswer: Bool {
    var byte: UInt8 = 0
    return recv(descriptor, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT)) > 0
  }

  private func onQueue<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in queue.async { continuation.resume(returning: work()) } }
  }
}

/// A server that runs while a test does.
struct RunningServer: Sendable {
  let port: Int
  /// Serves until it is cancelled.
  let task: Task<Void, any Error>
  let runs: RunService?
}

/// A server that runs while `body` does.
func withServer<Value>(
  _ models: ServedModels? = nil, _ change: (inout Server.Configuration) -> Void = { _ in },
  _ body: (RunningServer) async throws -> Value
) async throws -> Value {
  var configuration = Server.Configuration()
  configuration.limits.draining = .milliseconds(200)
  configuration.limits.ending = .milliseconds(200)
  change(&configuration)
  let server = Server(models, configuration)
  let (ports, started) = AsyncStream<Int>.makeStream()
  let task = Task {
    defer { started.finish() }
    try await server.run { started.yield($0) }
  }
  defer { task.cancel() }
  var iterator = ports.makeAsyncIterator()
  return try await body(RunningServer(port: #require(await iterator.next()), task: task, runs: server.runs))
}
