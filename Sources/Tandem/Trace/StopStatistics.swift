/// How close the models of a run, or of several, came to ending their thinking at blank lines.
public struct StopStatistics: Sendable, Hashable, Codable {
  /// Blank lines after which the odds of the end of thinking are known.
  public var readings = 0
  /// The number of these at which it was among the five most likely tokens: 87.5 % in TS (arXiv:2505.07961, Sec. 3).
  public var amongFive = 0
  /// The number at which it was the most likely token.
  public var likeliest = 0
  /// The sum of its probabilities there.
  public var probability = 0.0
  /// The number of tokens of thinking at which its logit was below 0, so that z / T with T < 1 works against the stop.
  public var negative = 0
  /// All tokens of thinking.
  public var tokens = 0

  /// Nothing yet.
  public init() {}

  mutating func add(_ thought: Thought) {
    guard thought.segment == .thinking, thought.author != .inserted else { return }
    readings += thought.stops.afterBlankLines.count
    amongFive += thought.stops.afterBlankLines.count { $0.rank <= 5 }
    likeliest += thought.stops.afterBlankLines.count { $0.rank == 1 }
    probability += thought.stops.afterBlankLines.reduce(0) { $0 + Double($1.probability) }
    negative += thought.stops.negative
    tokens += thought.tokenCount
  }

  /// The statistics of both.
  public static func + (a: Self, b: Self) -> Self {
    var sum = Self()
    sum.readings = a.readings + b.readings
    sum.amongFive = a.amongFive + b.amongFive
    sum.likeliest = a.likeliest + b.likeliest
    sum.probability = a.probability + b.probability
    sum.negative = a.negative + b.negative
    sum.tokens = a.tokens + b.tokens
    return sum
  }
}

/// How much a text repeats itself.
public enum Repetition {
  /// The share of its 4-grams of words that occurred in it before: 1 − distinct / all (seq-rep-4, Welleck et al.,
  /// arXiv:1908.04319, Sec. 6.1). Nil if it has fewer than four words.
  public static func rate(of text: String) -> Double? {
    let words = text.split { $0.isWhitespace }
    guard words.count >= 4 else { return nil }
    let runs = (0...words.count - 4).map { words[$0..<$0 + 4] }
    return 1 - Double(Set(runs).count) / Double(runs.count)
  }
}
