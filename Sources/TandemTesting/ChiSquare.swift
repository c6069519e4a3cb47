/// Whether counts are what a distribution would give: Pearson's χ² test.
///
/// Cells that expect fewer than five are put together.
package struct ChiSquare: Sendable, CustomStringConvertible {
  package let statistic: Double
  package let degrees: Int

  /// - Parameter expected: Probabilities, or weights, of the same keys; a count of anything else is an infinite misfit.
  package init<Key: Hashable>(_ observed: [Key: Int], expected: [Key: Double]) {
    let total = Double(observed.values.reduce(0, +))
    let weight = expected.values.reduce(0, +)
    var (sum, cells, rest) = (0.0, 0, (seen: 0.0, expected: 0.0))
    for (key, share) in expected {
      let (seen, wanted) = (Double(observed[key] ?? 0), total * share / weight)
      if wanted >= 5 {
        sum += (seen - wanted) * (seen - wanted) / wanted
        cells += 1
      } else {
        rest = (rest.seen + seen, rest.expected + wanted)
      }
    }
    if rest.expected >= 1 {
      sum += (rest.seen - rest.expected) * (rest.seen - rest.expected) / rest.expected
      cells += 1
    }
    let isForeign = observed.contains { $0.value > 0 && (expected[$0.key] ?? 0) == 0 }
    statistic = isForeign ? .infinity : sum
    degrees = max(1, cells - 1)
  }

  /// Compares two samples with each other.
  package init<Key: Hashable>(_ a: [Key: Int], like b: [Key: Int]) {
    let (na, nb) = (Double(a.values.reduce(0, +)), Double(b.values.reduce(0, +)))
    var (sum, cells) = (0.0, 0)
    for key in Set(a.keys).union(b.keys) {
      let (x, y) = (Double(a[key] ?? 0), Double(b[key] ?? 0))
      guard x + y >= 10 else { continue }
      let difference = (nb / na).squareRoot() * x - (na / nb).squareRoot() * y
      sum += difference * difference / (x + y)
      cells += 1
    }
    (statistic, degrees) = (sum, max(1, cells - 1))
  }

  /// Wilson and Hilferty's normal deviate: above 3.3 only once in two thousand times, if the counts fit.
  package var deviate: Double {
    guard statistic.isFinite else { return .infinity }
    let k = Double(degrees)
    // The cube root by Newton's method; no Foundation is needed for it.
    let ratio = statistic / k
    var root = 1.0
    for _ in 0..<200 { root -= (root * root * root - ratio) / (3 * root * root + 1e-300) }
    return (root - (1 - 2 / (9 * k))) / (2 / (9 * k)).squareRoot()
  }

  package var fits: Bool { deviate < 3.3 }

  package var description: String { "χ² = \(statistic) with \(degrees) degrees of freedom, deviate \(deviate)" }
}
