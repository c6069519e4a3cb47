import Tandem

extension RowReport {
  /// Tokens of thinking, and whose they are; means a run.
  package struct Thinking: Sendable, Hashable, Codable {
    package var tokens: OutcomeMeans
    package var interval: Interval?
    package var small: Double
    package var large: Double
    package var inserted: Double
    /// The large model's share of the sampled thinking that was kept; nil if there is none.
    package var largeShare: Double?
    /// The same by tenths of the thinking; nil if there is none.
    package var largeShareByTenth: [Double?]
    /// All that the large model sampled, kept or not, and all that it evaluated without sampling it.
    package var largeSampled: Double
    package var largeEvaluated: Double
    /// How much less the large model sampled than in the large-only row on the same problems and seeds, as a share of
    /// that; nil if there is no such row.
    package var largeSaved: Double?
    /// The lengths of all runs, by how they ended, for histograms.
    package var lengths: [String: [Int]]
  }
}

extension RowReport.Thinking {
  init(_ row: RowRecords, largeOnly: RowRecords?, _ bootstrap: Bootstrap) {
    let records = row.graded
    func mean(_ value: (Record) -> Double) -> Double {
      records.isEmpty ? 0 : records.reduce(0) { $0 + value($1) } / Double(records.count)
    }
    tokens = OutcomeMeans(records) { $0.thinkingTokens }
    interval = bootstrap.interval(ofMean: row.byProblem.map { .init($0.map { Double($0.thinkingTokens) }) })
    small = mean { Double($0.usage.small.thinking) }
    large = mean { Double($0.usage.large.thinking) }
    inserted = mean { $0.authorship.inserted.reduce(0, +) }
    largeShare = small + large > 0 ? large / (small + large) : nil
    largeShareByTenth = (0..<10).map { bin in
      let large = mean { $0.authorship.large[bin] }
      let sum = large + mean { $0.authorship.small[bin] }
      return sum > 0 ? large / sum : nil
    }
    largeSampled = mean { Double($0.usage.large.sampled) }
    largeEvaluated = mean { Double($0.usage.large.prefilled) }
    let pairs = largeOnly.map { row.pairs(with: $0).flatMap(\.self) } ?? []
    let theirs = pairs.reduce(0) { $0 + $1.other.usage.large.sampled }
    let own = pairs.reduce(0) { $0 + $1.own.usage.large.sampled }
    largeSaved = theirs > 0 ? 1 - Double(own) / Double(theirs) : nil
    lengths = Dictionary(grouping: records) { $0.grade.rawValue }.mapValues { $0.map { $0.thinkingTokens } }
  }
}
