import Foundation

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// One HTTP request: first the head of its answer, then the body piece by piece, with nothing in between.
///
/// Redirects are never followed here, because the caller has to decide which headers go to which host.
///
/// Why all the care: URLSession on Linux ignores what the delegate answers to the head of a response, buffers
/// without limit for a slow delegate, and ends the process (`fatalError`) when a task is cancelled while it is being
/// redirected or completes. So callbacks run on curl's own thread, which then waits for them; and a transfer is
/// stopped by suspending it, which only takes it from curl, never by cancelling it.
///
/// URLSession wants an NSObject for a delegate; all that changes is behind the lock, hence unchecked.
final class HTTPExchange: NSObject, URLSessionDataDelegate, @unchecked Sendable {
  /// Says whether the body is wanted.
  typealias HeadHandler = @Sendable (HTTPURLResponse) throws -> Bool
  typealias BodyHandler = @Sendable (Data) throws -> Void

  private let onHead: HeadHandler
  private let onBody: BodyHandler
  private let callbacks = CallbackQueue()
  private let lock = NSLock()
  // All below is guarded by `lock`.
  private var continuation: CheckedContinuation<Void, any Error>?
  private var result: Result<Void, any Error>?
  private var sawHead = false
  private var isComplete = false
  private var isLeft = false

  private init(onHead: @escaping HeadHandler, onBody: @escaping BodyHandler) {
    self.onHead = onHead
    self.onBody = onBody
  }

  /// Returns when the body is complete, or after the head of an answer whose body is not wanted.
  ///
  /// Throws what the handlers throw, `URLError` for a broken connection, and `CancellationError` at once when the
  /// task is cancelled. No handler is running any more when it returns.
  static func run(
    _ request: URLRequest, idleTimeout: TimeInterval, onHead: @escaping HeadHandler, onBody: @escaping BodyHandler
  ) async throws {
    try Task.checkCancellation()
    let exchange = HTTPExchange(onHead: onHead, onBody: onBody)
    let configuration = URLSessionConfiguration.ephemeral
    configuration.urlCache = nil
    configuration.urlCredentialStorage = nil
    configuration.httpCookieStorage = nil
    configuration.timeoutIntervalForRequest = idleTimeout
    configuration.timeoutIntervalForResource = .infinity
    let session = URLSession(configuration: configuration, delegate: exchange, delegateQueue: exchange.callbacks)
    let task = session.dataTask(with: request)
    defer { exchange.leave(session, task) }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        exchange.begin(continuation)
        task.resume()
      }
    } onCancel: {
      exchange.finish(.failure(CancellationError()))
    }
  }

  private func begin(_ continuation: CheckedContinuation<Void, any Error>) {
    let result = lock.withLock {
      if self.result == nil { self.continuation = continuation }
      return self.result
    }
    if let result { continuation.resume(with: result) }
  }

  /// The first result counts; handlers are not called after it, and one in flight is waited for.
  private func finish(_ result: Result<Void, any Error>) {
    let continuation = lock.withLock {
      guard self.result == nil else { return nil as CheckedContinuation<Void, any Error>? }
      self.result = result
      defer { self.continuation = nil }
      return self.continuation
    }
    continuation?.resume(with: result)
  }

  /// Releases the session, once, on a thread of its own: the session's thread may be waiting for a callback, and a pool
  /// may have no free thread while a body without an end arrives.
  private func leave(_ session: URLSession, _ task: URLSessionTask) {
    let isFirst = lock.withLock {
      defer { isLeft = true }
      return !isLeft
    }
    guard isFirst else { return }
    Thread.detachNewThread { [callbacks, self] in
      #if canImport(FoundationNetworking)
      callbacks.hold()
      if !lock.withLock({ isComplete }) {
        task.suspend()
        _ = task.priority  // Waits until the suspension, which is only scheduled, has happened.
      }
      callbacks.release()
      // The suspended task ends at its idle time-out, and the session with it.
      session.finishTasksAndInvalidate()
      #else
      session.invalidateAndCancel()
      #endif
    }
  }
}

extension HTTPExchange {
  private func receivedHead(_ response: URLResponse) {
    let result: Result<Void, any Error>? = lock.withLock {
      guard !sawHead, self.result == nil else { return nil }
      sawHead = true
      guard let response = response as? HTTPURLResponse else { return .failure(URLError(.badServerResponse)) }
      do {
        return try onHead(response) ? nil : .success(())
      } catch {
        return .failure(error)
      }
    }
    if let result { finish(result) }
  }

  func urlSession(
    _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
    completionHandler: @escaping @Sendable (URLSession.ResponseDisposition) -> Void
  ) {
    receivedHead(response)
    completionHandler(.allow)
  }

  func urlSession(
    _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
    newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
  ) {
    receivedHead(response)
    completionHandler(nil)
  }

  /// Passwords are never asked for: the head of the answer, status 401, was all that is of interest.
  func urlSession(
    _ session: URLSession, task: URLSessionTask, didReceive challenge: URLAuthenticationChallenge,
    completionHandler: @escaping @Sendable (URLSession.AuthChallengeDisposition, URLCredential?) -> Void
  ) {
    #if !canImport(FoundationNetworking)
    // A certificate is challenged here as well, on macOS only.
    completionHandler(.performDefaultHandling, nil)
    #endif
  }

  func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
    let failure: (any Error)? = lock.withLock {
      guard result == nil else { return nil }
      do {
        try onBody(data)
        return nil
      } catch {
        return error
      }
    }
    guard let failure else { return }
    leave(session, dataTask)
    finish(.failure(failure))
  }

  func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
    lock.withLock { isComplete = true }
    if error == nil, let response = task.response { receivedHead(response) }
    finish(error.map { .failure($0) } ?? .success(()))
  }
}
