import Foundation

/// How a model marks its own steps, and so which marks are low ones (SpecReason, arXiv:2504.07891).
///
/// The paper has one threshold for all, but one judge is mild and another one strict. A quantile of the marks that a judge
/// gives to itself means the same for each of them: the share of its own steps that it would reject.
package struct MarkCalibration: Sendable, Hashable, Codable {
  /// Runs whose steps were marked.
  package var runs: Int
  package var steps: Int
  package var mean: Double
  /// Thresholds of several shares; they rise.
  package var points: [Point]
  /// That of the share that was asked for.
  package var chosen: Point

  /// A threshold and its result.
  package struct Point: Sendable, Hashable, Codable {
    /// The share of steps that may be rejected, from 0 to 1.
    package var quantile: Double
    /// The highest threshold, in thousandths, that rejects no more.
    package var threshold: Double
    /// The share that it rejects; less where many steps have the same mark.
    package var rejected: Double
  }

  /// - Parameters:
  ///   - records: Runs in which a model marked its own steps; failed ones are left out.
  ///   - quantile: From 0 to 1.
  ///
  /// Throws `noThreshold` if no step was marked.
  package init(_ records: [Record], quantile: Double) throws(EvaluationError) {
    let judged = records.compactMap { $0.grade == .failed ? nil : $0.marks }
    let marks = judged.flatMap(\.self).sorted()
    guard !marks.isEmpty else { throw .noThreshold(reason: "no step was marked") }
    let count = Double(marks.count)
    func point(_ quantile: Double) -> Point {
      let mark = marks[min(Int(quantile * count), marks.count - 1)]
      // Rounded up, it would reject the very steps that it is the mark of.
      let threshold = (mark * 1000).rounded(.down) / 1000
      return Point(
        quantile: quantile, threshold: threshold, rejected: Double(marks.count { $0 < threshold }) / count)
    }
    runs = judged.count
    steps = marks.count
    mean = marks.reduce(0, +) / count
    points = [0.05, 0.1, 0.25, 0.5].map(point)
    chosen = point(quantile)
  }
}
