/// Maps numbers to places on a page.
package struct LinearScale: Sendable, Hashable {
  package var domain: ClosedRange<Double>
  /// Where the ends of the domain lie; the first may be the larger one, as on a vertical axis.
  package var start: Double
  package var end: Double

  package init(domain: ClosedRange<Double>, start: Double, end: Double) {
    self.domain = domain
    self.start = start
    self.end = end
  }

  /// A domain of a single number lies in the middle.
  package func callAsFunction(_ value: Double) -> Double {
    let length = domain.upperBound - domain.lowerBound
    let fraction = length > 0 ? (value - domain.lowerBound) / length : 0.5
    return start + (end - start) * fraction
  }
}
