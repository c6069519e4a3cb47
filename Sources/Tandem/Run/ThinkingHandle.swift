import Synchronization

/// Ends the thinking of a run early, for example at a key press or a server's request.
///
/// The model that is writing stops within one step, the thinking is closed as at the end of the budget, and the answer
/// is written.
public final class ThinkingHandle: Sendable {
  private let flag = Atomic(false)

  /// A handle for one run.
  public init() {}

  /// Ends the thinking; does nothing if it has ended already.
  public func endThinking() { flag.store(true, ordering: .releasing) }

  /// Whether the end was requested.
  public var isEnding: Bool { flag.load(ordering: .acquiring) }
}
