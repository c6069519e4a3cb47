import Synchronization

/// Ends the thinking of a run early, or hands it over to the large model; for example at a key press or a server's
/// request.
///
/// Either way, whoever is writing stops within one step. A handle belongs to one run.
public final class ThinkingHandle: Sendable {
  private let flag = Atomic(false)
  private let stage = Atomic(Stage.closed)

  /// What a hand-over would find.
  private enum Stage: UInt8, AtomicRepresentable {
    /// No run, or one that has no large model.
    case closed
    /// A run that has one.
    case open
    /// The hand-over is requested.
    case requested
    /// The large model has taken over.
    case done
  }

  /// A handle for one run.
  public init() {}

  /// Ends the thinking; does nothing if it has ended already. The thinking is closed as at the end of the budget, and
  /// the answer is written.
  public func endThinking() { flag.store(true, ordering: .releasing) }

  /// Whether the end was requested.
  public var isEnding: Bool { flag.load(ordering: .acquiring) }

  /// Lets the large model take over: it thinks on to the end and answers, within the same budget. Text that was streamed
  /// as final stays, and the strategy has no further say.
  ///
  /// Returns whether it will, which it does not if the strategy uses no large model, or if the run has not begun or is
  /// over. Once it has taken over, a second request changes nothing.
  @discardableResult
  public func handOver() -> Bool {
    let (_, found) = stage.compareExchange(expected: .open, desired: .requested, ordering: .acquiringAndReleasing)
    return found != .closed
  }

  // MARK: - For the run

  /// Whether the large model is to take over, and has not yet.
  var isHandingOver: Bool { stage.load(ordering: .acquiring) == .requested }

  /// Whether the large model has taken over.
  var isHandedOver: Bool { stage.load(ordering: .acquiring) == .done }

  /// Whether what is being written in `segment` is to stop.
  func interrupts(_ segment: Segment) -> Bool { isHandingOver || segment == .thinking && isEnding }

  func begin() { stage.store(.open, ordering: .releasing) }
  func noteHandOver() { stage.store(.done, ordering: .releasing) }
  func end() { stage.store(.closed, ordering: .releasing) }
}
