import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization

extension ServedRun {
  /// The run as a stream of server-sent events.
  func response(_ fold: some RunFold, _ limits: ServerLimits, _ context: ServerContext) -> Response {
    Response(
      status: .ok,
      headers: [.contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-cache", .accelBuffering: "no"],
      body: ResponseBody { writer in
        let watch = WriteWatch()
        let ticker = Task {
          while true {
            try await Task.sleep(for: limits.ping)
            self.wake()
            if watch.isStuck(for: limits.writing) { context.close() }
          }
        }
        defer {
          ticker.cancel()
          self.cancel()  // does nothing to a run that is over
        }
        try await self.stream(fold) { bytes in
          watch.begin()
          defer { watch.end() }
          try await writer.write(bytes)
        }
        try await writer.finish(nil)
      })
  }

  private func stream(_ fold: some RunFold, write: (ByteBuffer) async throws -> Void) async throws {
    var (fold, events) = (fold, EventBuffer())
    try fold.begin(&events)
    do {
      while let updates = try await next() {
        for update in updates.joiningPieces { try fold.take(update, &events) }
        if updates.isEmpty { try fold.ping(&events) }
        try await write(events.take())
      }
      try fold.finish(&events)
    } catch let error as ServerError {
      try fold.fail(error, &events)
    }
    try await write(events.take())
  }
}

extension [ChoiceUpdate] {
  /// The same with neighbouring texts as one: what has piled up while the client was read by others costs one event.
  var joiningPieces: [ChoiceUpdate] {
    var joined: [ChoiceUpdate] = []
    for update in self {
      if case .piece(let piece) = update.update, let last = joined.last, last.choice == update.choice,
        case .piece(let before) = last.update, before.author == piece.author, before.segment == piece.segment
      {
        let text = before.text + piece.text
        joined[joined.count - 1] = ChoiceUpdate(
          choice: update.choice, update: .piece(Piece(text: text, author: piece.author, segment: piece.segment)))
      } else {
        joined.append(update)
      }
    }
    return joined
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
