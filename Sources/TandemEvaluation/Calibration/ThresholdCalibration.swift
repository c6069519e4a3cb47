import Foundation
import Tandem

/// Below which score the best draft is better rejected, found on problems with known answers.
///
/// Each problem was solved twice: with the chosen draft, and by the large model thinking itself. So the accuracy of any
/// threshold is known without running it.
package struct ThresholdCalibration: Sendable, Hashable, Codable {
  /// From rejecting nothing to rejecting all; thresholds rise.
  package var points: [Point]
  /// The most accurate one; of equals, that which rejects least.
  package var best: Point
  package var problems: Int

  /// A threshold and its result.
  package struct Point: Sendable, Hashable, Codable {
    package var threshold: Double
    /// The share of problems whose drafts are rejected.
    package var rejected: Double
    package var accuracy: Double
    /// The standard error of the accuracy.
    package var error: Double
  }

  /// - Parameters:
  ///   - kept: Runs that kept the best draft, whatever its score.
  ///   - rethought: Runs of the same problems and seeds in which the large model thought itself.
  ///
  /// Throws `noThreshold` if they have no problem in common.
  package init(kept: [Record], rethought: [Record]) throws(EvaluationError) {
    func key(_ record: Record) -> [String] { [record.task, record.problem, "\(record.seed)"] }
    let others = Dictionary(rethought.map { (key($0), $0.grade) }) { first, _ in first }
    let pairs = kept.compactMap { record -> (score: Double, kept: Bool, rethought: Bool)? in
      guard let score = record.selection?.scores.max(), record.grade != .failed, let other = others[key(record)],
        other != .failed
      else { return nil }
      return (score, record.grade == .correct, other == .correct)
    }.sorted { $0.score < $1.score }
    guard !pairs.isEmpty else { throw .noThreshold(reason: "no problem was solved both ways") }

    let count = Double(pairs.count)
    var right = pairs.count { $0.kept }
    var points: [Point] = []
    for index in 0...pairs.count {
      if index > 0 { right += (pairs[index - 1].rethought ? 1 : 0) - (pairs[index - 1].kept ? 1 : 0) }
      // Equal scores are rejected together or not at all.
      if index > 0, index < pairs.count, pairs[index - 1].score == pairs[index].score { continue }
      let threshold =
        switch index {
        case 0: -1000.0
        case pairs.count: 0.0
        default: (pairs[index - 1].score + pairs[index].score) / 2
        }
      let accuracy = Double(right) / count
      points.append(
        Point(
          threshold: threshold, rejected: Double(index) / count, accuracy: accuracy,
          error: (accuracy * (1 - accuracy) / count).squareRoot()))
    }
    self.points = points
    best = points.reduce(points[0]) { $1.accuracy > $0.accuracy ? $1 : $0 }
    problems = pairs.count
  }
}
