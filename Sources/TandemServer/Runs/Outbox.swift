import Synchronization

/// What a run has to say and its client has not read yet.
///
/// A run never waits for a socket: it puts things in and continues. One reader takes all that is there at once, so that
/// a slow one gets larger pieces instead of more of them.
final class Outbox<Element: Sendable>: Sendable {
  fileprivate struct State {
    var elements: [Element] = []
    var cost = 0
    var end: Result<Void, ServerError>?
    var reader: CheckedContinuation<Void, Never>?
  }

  private let state = Mutex(State())
  private let limit: Int

  /// - Parameter limit: The most that may lie here, in the unit of `cost`.
  init(limit: Int) { self.limit = limit }

  /// Adds an element. Returns false, and drops it, if too much is lying here or the end was told.
  func put(_ element: Element, cost: Int) -> Bool {
    typealias Reader = CheckedContinuation<Void, Never>
    let (isTaken, reader): (Bool, Reader?) = state.withLock { state -> (Bool, Reader?) in
      guard state.end == nil, state.cost + cost <= limit else { return (false, nil) }
      state.elements.append(element)
      state.cost += cost
      return (true, state.takeReader())
    }
    reader?.resume()
    return isTaken
  }

  /// Tells the end; what is here can still be read. Only the first end counts.
  func finish(_ end: Result<Void, ServerError> = .success(())) {
    let reader = state.withLock { state -> CheckedContinuation<Void, Never>? in
      if state.end == nil { state.end = end }
      return state.takeReader()
    }
    reader?.resume()
  }

  /// Lets a waiting `next` return nothing.
  func wake() {
    let reader = state.withLock { $0.takeReader() }
    reader?.resume()
  }

  /// Waits until there is something to read, the end, or `wake`.
  private func wait() async {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isReady = state.withLock { state in
          if !state.elements.isEmpty || state.end != nil || Task.isCancelled { return true }
          state.reader = continuation
          return false
        }
        if isReady { continuation.resume() }
      }
    } onCancel: {
      wake()
    }
  }

  /// All that is here, once there is something; nothing after `wake`; nil after the end. Throws the error that the run
  /// ended with, or `CancellationError`.
  func next() async throws -> [Element]? {
    await wait()
    try Task.checkCancellation()
    return try state.withLock { state throws(ServerError) -> [Element]? in
      if state.elements.isEmpty, let end = state.end {
        try end.get()
        return nil
      }
      defer { (state.elements, state.cost) = ([], 0) }
      return state.elements
    }
  }

  /// Waits until there is something to read, for at most `duration`. Throws the error of the end if nothing lies before
  /// it.
  func first(within duration: Duration) async throws {
    let timer = Task {
      try await Task.sleep(for: duration)
      wake()
    }
    await wait()
    timer.cancel()
    try Task.checkCancellation()
    try state.withLock { state throws(ServerError) in
      if state.elements.isEmpty, case .failure(let error)? = state.end { throw error }
    }
  }
}

extension Outbox.State {
  fileprivate mutating func takeReader() -> CheckedContinuation<Void, Never>? {
    defer { reader = nil }
    return reader
  }
}
