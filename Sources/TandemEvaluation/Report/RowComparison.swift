/// A row against the baseline, on the problems and seeds that both have without a failure.
package struct RowComparison: Sendable, Hashable, Codable {
  package var row: String
  package var baseline: String
  package var pairs: Int
  package var problems: Int
  /// Of accuracy, from -1 to 1.
  package var accuracy: Difference
  /// Two-sided; see `SignFlipTest`.
  package var pValue: Double
  /// Pairs in which only the row is right, and those in which only the baseline is.
  package var won: Int
  package var lost: Int
  package var thinkingTokens: Difference
  package var seconds: Difference

  /// The mean over pairs of the row's value less the baseline's.
  package struct Difference: Sendable, Hashable, Codable {
    package var mean: Double
    /// By problem; nil with a single problem.
    package var interval: Interval?
  }

  /// nil if the two have no problem and seed in common.
  init?(_ row: RowRecords, against baseline: RowRecords, _ bootstrap: Bootstrap) {
    let byProblem = row.pairs(with: baseline)
    guard !byProblem.isEmpty else { return nil }
    let pairs = byProblem.flatMap(\.self)
    self.row = row.label
    self.baseline = baseline.label
    self.pairs = pairs.count
    problems = byProblem.count
    func difference(_ value: (Record) -> Double) -> Difference {
      let clusters = byProblem.map { Bootstrap.Cluster($0.map { value($0.own) - value($0.other) }) }
      let sum = clusters.reduce(0) { $0 + $1.sum }
      return Difference(mean: sum / Double(pairs.count), interval: bootstrap.interval(ofMean: clusters))
    }
    func points(_ record: Record) -> Int { record.grade == .correct ? 1 : 0 }
    accuracy = difference { Double(points($0)) }
    thinkingTokens = difference { Double($0.thinkingTokens) }
    seconds = difference { $0.seconds }
    pValue = SignFlipTest.pValue(byProblem.map { $0.reduce(0) { $0 + points($1.own) - points($1.other) } })
    won = pairs.count { points($0.own) > points($0.other) }
    lost = pairs.count { points($0.own) < points($0.other) }
  }
}
