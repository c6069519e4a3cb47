import TandemInference
import TandemTasks

/// Intervals by drawing problems again, with replacement (percentile bootstrap, Efron and Tibshirani 1993, chapter 13).
///
/// What is drawn is a problem with all its seeds: answers to one problem resemble each other, and drawing them one by
/// one would make the interval too narrow.
package struct Bootstrap: Sendable {
  /// How many samples are drawn. The interval's ends are then within about one percentile of where they would lie.
  package var resamples: Int
  package var seed: UInt64

  package init(resamples: Int = 10_000, seed: UInt64 = 1) {
    self.resamples = resamples
    self.seed = seed
  }

  /// The values of one problem, over its seeds.
  package struct Cluster: Sendable, Hashable {
    package var sum: Double
    package var count: Int

    package init(sum: Double, count: Int) {
      self.sum = sum
      self.count = count
    }

    package init(_ values: [Double]) { self.init(sum: values.reduce(0, +), count: values.count) }
  }

  /// The interval of the mean of all values of all clusters; nil with fewer than two clusters.
  ///
  /// For a paired comparison the values are the differences of the pairs.
  package func interval(ofMean clusters: [Cluster]) -> Interval? {
    let clusters = clusters.filter { $0.count > 0 }
    guard clusters.count > 1, resamples > 0 else { return nil }
    var generator = SplitMix64(seed: seed)
    var means = (0..<resamples).map { _ in
      var (sum, count) = (0.0, 0)
      for _ in clusters.indices {
        let cluster = clusters[generator.below(clusters.count)]
        sum += cluster.sum
        count += cluster.count
      }
      return sum / Double(count)
    }
    means.sort()
    return Interval(lower: Self.quantile(0.025, of: means), upper: Self.quantile(0.975, of: means))
  }

  /// By linear interpolation between the two nearest of the sorted values (type 7 of Hyndman and Fan 1996).
  static func quantile(_ fraction: Double, of sorted: [Double]) -> Double {
    let position = fraction * Double(sorted.count - 1)
    let index = Int(position)
    let next = min(index + 1, sorted.count - 1)
    return sorted[index] + (sorted[next] - sorted[index]) * (position - Double(index))
  }
}
