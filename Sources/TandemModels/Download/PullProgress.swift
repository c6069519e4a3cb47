import Foundation

/// How far a pull is.
public struct PullProgress: Sendable, Hashable {
  /// What is being done right now.
  public enum Phase: String, Sendable, Hashable { case waiting, downloading, verifying, converting }

  /// The file that is worked on.
  public var file: String
  /// What is being done.
  public var phase: Phase
  /// Bytes done, those of earlier attempts included.
  public var done: Int64
  /// Bytes in all, if known.
  public var total: Int64?
  /// Measured over the last seconds; 0 until there is something to measure.
  public var bytesPerSecond: Double

  /// From 0 to 1, if the total is known.
  public var fraction: Double? {
    guard let total, total > 0 else { return nil }
    return min(1, Double(done) / Double(total))
  }
}

/// Reports progress about ten times a second, however often it is called.
///
/// All that changes is behind its lock, hence unchecked.
final class ProgressMeter: @unchecked Sendable {
  private let lock = NSLock()
  private let report: @Sendable (PullProgress) -> Void
  private let file: String
  private var samples: [(time: ContinuousClock.Instant, done: Int64)] = []
  private var lastPhase: PullProgress.Phase?

  init(file: String, report: @escaping @Sendable (PullProgress) -> Void) {
    self.file = file
    self.report = report
  }

  /// Says at once that something else is being done now.
  func enter(_ phase: PullProgress.Phase, done: Int64 = 0, total: Int64? = nil) {
    lock.withLock { samples = [] }
    update(phase, done: done, total: total, force: true)
  }

  func update(_ phase: PullProgress.Phase, done: Int64, total: Int64?, force: Bool = false) {
    let now = ContinuousClock.now
    let speed: Double? = lock.withLock {
      if !force, let last = samples.last, lastPhase == phase, now - last.time < .milliseconds(100) { return nil }
      if lastPhase != phase { samples = [] }
      lastPhase = phase
      samples.append((now, done))
      samples.removeAll { now - $0.time > .seconds(3) }
      guard let first = samples.first, now > first.time else { return 0 }
      return max(0, Double(done - first.done) / ((now - first.time) / .seconds(1)))
    }
    guard let speed else { return }
    report(PullProgress(file: file, phase: phase, done: done, total: total, bytesPerSecond: speed))
  }
}
