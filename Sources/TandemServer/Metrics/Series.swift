import CoreMetrics
import Synchronization

/// The values of one metric with certain dimensions.
protocol Series: Sendable {
  /// As lines of the text format; `labels` without the braces.
  func lines(_ name: String, _ labels: String) -> String
}

/// One number: a counter or a gauge.
final class NumberSeries: Series, CounterHandler, FloatingPointCounterHandler, MeterHandler, RecorderHandler {
  private let value = Mutex(0.0)

  func increment(by amount: Int64) { add(Double(amount)) }
  func increment(by amount: Double) { add(amount) }
  func decrement(by amount: Double) { add(-amount) }
  func set(_ value: Int64) { set(Double(value)) }
  func set(_ value: Double) { self.value.withLock { $0 = value } }
  func record(_ value: Int64) { set(Double(value)) }
  func record(_ value: Double) { set(value) }
  func reset() { set(0.0) }

  private func add(_ amount: Double) { value.withLock { $0 += amount } }

  func lines(_ name: String, _ labels: String) -> String {
    "\(name)\(labels.isEmpty ? "" : "{\(labels)}") \(value.withLock { $0 }.number)\n"
  }
}

/// Values counted by size.
final class HistogramSeries: Series, TimerHandler, RecorderHandler {
  private let bounds: [Double]
  private let state: Mutex<(counts: [Int], count: Int, sum: Double)>

  /// - Parameter bounds: The upper bounds of the buckets, ascending; another one without a bound follows.
  init(_ bounds: [Double]) {
    self.bounds = bounds
    state = Mutex((Array(repeating: 0, count: bounds.count), 0, 0))
  }

  func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }
  func record(_ value: Int64) { record(Double(value)) }

  func record(_ value: Double) {
    state.withLock {
      if let bucket = bounds.firstIndex(where: { value <= $0 }) { $0.counts[bucket] += 1 }
      $0.count += 1
      $0.sum += value
    }
  }

  func lines(_ name: String, _ labels: String) -> String {
    let (counts, count, sum) = state.withLock { ($0.counts, $0.count, $0.sum) }
    let (inner, outer) = labels.isEmpty ? ("", "") : (labels + ",", "{\(labels)}")
    var (lines, below) = ("", 0)
    for (bound, count) in zip(bounds, counts) {
      below += count  // a bucket has all that is smaller too
      lines += "\(name)_bucket{\(inner)le=\"\(bound.number)\"} \(below)\n"
    }
    return lines + "\(name)_bucket{\(inner)le=\"+Inf\"} \(count)\n\(name)_sum\(outer) \(sum.number)\n"
      + "\(name)_count\(outer) \(count)\n"
  }
}

extension Double {
  /// Whole numbers without a fraction.
  fileprivate var number: String { Int64(exactly: self).map(String.init) ?? "\(self)" }
}
