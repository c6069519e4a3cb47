import Synchronization

/// Tells one generation of a session from the next. A class, so that two of them differ by identity.
package final class GenerationID: Sendable {
  private let hasBegun = Atomic(false)

  package init() {}

  /// Whether this is the first call.
  package func begin() -> Bool { !hasBegun.exchange(true, ordering: .relaxed) }
}
