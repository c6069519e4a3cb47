import Synchronization

/// Whether the client of a request is gone.
final class GoneFlag: Sendable {
  private let flag = Atomic(false)

  /// Says that it is.
  func raise() { flag.store(true, ordering: .releasing) }

  var isRaised: Bool { flag.load(ordering: .acquiring) }
}
