import Synchronization

/// Ends the thinking of a run from outside: a key press, a request to a server.
///
/// The model that is writing puts the pen down within one step, the thinking is closed as a spent budget closes it, and
/// the answer is written.
public final class ThinkingHandle: Sendable {
  private let flag = Atomic(false)

  public init() {}

  /// Ends the thinking; nothing happens where it has ended.
  public func endThinking() { flag.store(true, ordering: .releasing) }

  /// Whether someone has asked for the end.
  public var isEnding: Bool { flag.load(ordering: .acquiring) }
}
