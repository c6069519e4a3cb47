import Foundation

/// Runs the calls of a URLSession to its delegate.
///
/// On Linux at once and on the session's own thread, which so waits for us instead of filling the memory.
/// OperationQueue is Sendable, and nothing is added to it that changes, hence unchecked.
final class CallbackQueue: OperationQueue, @unchecked Sendable {
  override init() {
    super.init()
    maxConcurrentOperationCount = 1
  }

  #if canImport(FoundationNetworking)
  private let turn = NSLock()
  private var isHolding = false
  private var held: [@Sendable () -> Void] = []

  override func addOperation(_ block: @escaping @Sendable () -> Void) {
    turn.withLock {
      if isHolding { held.append(block) } else { block() }
    }
  }

  /// Waits for the callback in flight; those after it are kept.
  func hold() {
    turn.withLock { isHolding = true }
  }

  /// Runs what was kept, then continues as before.
  func release() {
    turn.withLock {
      while !held.isEmpty { held.removeFirst()() }
      isHolding = false
    }
  }
  #endif
}
