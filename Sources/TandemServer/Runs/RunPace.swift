import Synchronization

/// How long runs take, so that a client that is refused a place can be told when to ask again.
final class RunPace: Sendable {
  private let latest = Mutex<[Double]>([])

  /// Notes the seconds of a run that is over.
  func note(_ seconds: Double) {
    latest.withLock { latest in
      latest.append(seconds)
      if latest.count > 32 { latest.removeFirst() }
    }
  }

  /// The median of the latest runs in whole seconds, from 1 to 60.
  var seconds: Int {
    let sorted = latest.withLock { $0 }.sorted()
    guard !sorted.isEmpty else { return 1 }
    return Int(min(max(sorted[sorted.count / 2].rounded(.up), 1), 60))
  }
}
