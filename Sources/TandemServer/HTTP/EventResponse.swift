import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization

extension Response {
  /// A stream of server-sent events. A client that leaves a piece unread for too long loses its connection.
  ///
  /// - Parameters:
  ///   - limits: How long "too long" is, and after how much silence the client has to be told that the stream is alive.
  ///   - context: The request.
  ///   - wake: Called after each such silence, in which `body` waits for something to write.
  ///   - onEnd: Called at the end of the stream, whoever ended it.
  ///   - body: Writes the events.
  static func events(
    _ limits: ServerLimits, _ context: ServerContext, wake: @escaping @Sendable () -> Void,
    onEnd: @escaping @Sendable () -> Void,
    _ body: @escaping @Sendable (_ write: (ByteBuffer) async throws -> Void) async throws -> Void
  ) -> Response {
    Response(
      status: .ok,
      headers: [.contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-cache", .accelBuffering: "no"],
      body: ResponseBody { writer in
        let watch = WriteWatch()
        let ticker = Task {
          while true {
            try await Task.sleep(for: limits.ping)
            wake()
            if watch.isStuck(for: limits.writing) { context.close() }
          }
        }
        defer {
          ticker.cancel()
          onEnd()
        }
        try await body { bytes in
          watch.begin()
          defer { watch.end() }
          try await writer.write(bytes)
        }
        try await writer.finish(nil)
      })
  }
}

/// Since when a piece of a response has been waiting for its client to read.
private final class WriteWatch: Sendable {
  private let began = Mutex<ContinuousClock.Instant?>(nil)

  func begin() { began.withLock { $0 = .now } }

  func end() { began.withLock { $0 = nil } }

  func isStuck(for duration: Duration) -> Bool {
    began.withLock { $0.map { $0.duration(to: .now) > duration } ?? false }
  }
}

extension HTTPField.Name {
  /// `x-accel-buffering`, by which nginx is told not to collect a stream.
  fileprivate static let accelBuffering = HTTPField.Name(parsed: "x-accel-buffering") ?? .from
}
