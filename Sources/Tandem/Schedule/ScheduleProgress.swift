import Synchronization

/// How far the run is that a schedule is played to: what its models write next, and what they read, depends on it.
///
/// It follows the accepted events, so it is where the chain is, whatever else was written and discarded.
final class ScheduleProgress: Sendable {
  private let counts = Mutex((thinking: 0, answer: 0, chain: 0))

  /// Tokens of thinking that are accepted.
  var thinking: Int { counts.withLock { $0.thinking } }
  /// Tokens of the answer that a model wrote, and that are accepted.
  var answer: Int { counts.withLock { $0.answer } }
  /// Tokens of the chain.
  var chain: Int { counts.withLock { $0.chain } }

  func note(_ event: Event) {
    guard case .accepted(let thought) = event else { return }
    counts.withLock {
      $0.chain += thought.tokenCount
      if thought.segment == .thinking {
        $0.thinking += thought.tokenCount
      } else if thought.author != .inserted {
        $0.answer += thought.tokenCount
      }
    }
  }
}
