/// An estimate's 95 % confidence interval.
package struct Interval: Sendable, Hashable, Codable {
  package var lower: Double
  package var upper: Double

  package init(lower: Double, upper: Double) {
    self.lower = lower
    self.upper = upper
  }

  /// Wilson's score interval of a proportion (Wilson 1927, JASA 22:209): it never leaves 0…1, and holds its level for
  /// few trials and for proportions near 0 and 1, where the usual ± 1.96 standard errors does not.
  ///
  /// `trials` is above 0. Trials have to be independent: several seeds of one problem are not, see `Bootstrap`.
  package static func wilson(successes: Int, trials: Int) -> Interval {
    // The 97.5 % point of the normal distribution.
    let z = 1.959_963_984_540_054
    let (n, p) = (Double(trials), Double(successes) / Double(trials))
    let center = (p + z * z / (2 * n)) / (1 + z * z / n)
    let half = z / (1 + z * z / n) * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
    // At the ends the formula is exact, and rounding is not.
    return Interval(
      lower: successes == 0 ? 0 : max(0, center - half), upper: successes == trials ? 1 : min(1, center + half))
  }
}
