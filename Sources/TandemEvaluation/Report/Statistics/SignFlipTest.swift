/// The exact two-sided paired permutation test (Fisher 1935; Good 2005, 3.2).
///
/// Were two rows alike, each problem's difference would be as likely the other way round. The p-value is the share of
/// all ways to turn the signs whose sum is at least as far from 0 as the one that was found. With one seed each
/// difference is -1, 0 or 1, and the test is McNemar's exact test.
package enum SignFlipTest {
  /// - Parameter differences: One a problem: how much more often the one row was right than the other, over all seeds.
  package static func pValue(_ differences: [Int]) -> Double {
    let sizes = differences.map { abs($0) }.filter { $0 > 0 }
    let observed = abs(differences.reduce(0, +))
    let total = sizes.reduce(0, +)
    // shares[s + total]: the share of all ways whose sum is s.
    var shares = [Double](repeating: 0, count: 2 * total + 1)
    shares[total] = 1
    var reach = 0
    for size in sizes {
      var next = [Double](repeating: 0, count: shares.count)
      for sum in total - reach...total + reach where shares[sum] > 0 {
        next[sum - size] += shares[sum] / 2
        next[sum + size] += shares[sum] / 2
      }
      (shares, reach) = (next, reach + size)
    }
    let far = shares.indices.filter { abs($0 - total) >= observed }
    return min(1, far.reduce(0) { $0 + shares[$1] })
  }
}
