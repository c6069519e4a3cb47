import Synchronization

/// The events of one run on their way to its caller, each with its time.
///
/// Drafts are written by several tasks at once. The caller is called by one of them at a time, and times never decrease.
final class EventFeed: Sendable {
  private let began = ContinuousClock.now
  private let turn = Mutex(())
  private let onEvent: @Sendable (TimedEvent) -> Void

  init(_ onEvent: @escaping @Sendable (TimedEvent) -> Void) { self.onEvent = onEvent }

  func emit(_ event: Event) {
    turn.withLock { _ in
      let microseconds = (began.duration(to: .now) / .microseconds(1)).rounded()
      onEvent(TimedEvent(event, at: microseconds / 1_000_000))
    }
  }
}
