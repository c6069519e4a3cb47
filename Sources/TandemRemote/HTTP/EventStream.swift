/// The events of one answer, read by a task of its own, so that whoever takes them may be an actor.
///
/// The connection is closed by `cancel()`, and when the last reference goes: a server stops decoding then.
final class EventStream: Sendable {
  private let events: AsyncThrowingStream<[UInt8], any Error>
  private let reader: Task<Void, Never>

  /// - Parameters:
  ///   - onEnd: Called once, when the connection is free or closed.
  ///   - read: Opens the connection and yields the data of each event. What it throws, `next()` throws.
  init(
    onEnd: @escaping @Sendable () -> Void = {},
    _ read: @escaping @Sendable (AsyncThrowingStream<[UInt8], any Error>.Continuation) async throws -> Void
  ) {
    // Unbounded, and yet bounded: a server sends no more events than the tokens that it was asked for.
    let (events, continuation) = AsyncThrowingStream<[UInt8], any Error>.makeStream()
    self.events = events
    reader = Task {
      defer { onEnd() }
      do {
        try await read(continuation)
        continuation.finish()
      } catch {
        continuation.finish(throwing: error)
      }
    }
  }

  deinit { reader.cancel() }

  /// The data of the next event; nil at the end of the answer. One caller at a time.
  func next() async throws -> [UInt8]? {
    var iterator = events.makeAsyncIterator()
    let event = try await iterator.next()
    // A cancelled task gets nil, which must not look like the end.
    if event == nil { try Task.checkCancellation() }
    return event
  }

  /// Closes the connection.
  func cancel() { reader.cancel() }
}
