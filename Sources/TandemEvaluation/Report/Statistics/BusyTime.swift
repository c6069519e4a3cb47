/// How long at least one of several runs was going on.
package enum BusyTime {
  /// The length of the union of spans, in seconds.
  package static func seconds(_ spans: [(start: Double, seconds: Double)]) -> Double {
    var (busy, end) = (0.0, -Double.infinity)
    for span in spans.sorted(by: { $0.start < $1.start }) {
      let stop = span.start + span.seconds
      busy += max(0, stop - max(span.start, end))
      end = max(end, stop)
    }
    return busy
  }
}
