/// What strategies cost on a pair of models, computed from a few rates that are measured in seconds.
///
/// All results are times over that of the large model alone, for the thinking; prompts and answers, which are the same
/// everywhere, are left out. They say what a run takes if it does what is assumed, not whether it finds the answer.
public struct PairCost: Sendable, Hashable {
  /// The small model.
  public var small: Rates
  /// The large model.
  public var large: Rates

  /// Tokens a second of one model.
  public struct Rates: Sendable, Hashable, Codable {
    /// Read, as a prompt.
    public var prefill: Double
    /// Written by one sequence.
    public var decode: Double
    /// Written by several sequences together, by their number.
    public var batch: [Int: Double]
    /// Seconds of one pass over several tokens of one sequence, by their number: what verifying draft tokens takes.
    public var pass: [Int: Double]

    /// Rates, in tokens a second, and seconds of passes.
    public init(prefill: Double, decode: Double, batch: [Int: Double] = [:], pass: [Int: Double] = [:]) {
      self.prefill = prefill
      self.decode = decode
      self.batch = batch
      self.pass = pass
    }

    /// R: how much quicker a token is read than written. It is what makes judging another model's text cheap.
    public var readingGain: Double { prefill / decode }

    /// Seconds in which each of `count` sequences writes a token. Between two numbers that were measured it grows evenly,
    /// and beyond them as from the last two.
    public func step(of count: Int) -> Double {
      Self.value(at: count, of: batch.reduce(into: [1: 1 / decode]) { $0[$1.key] = Double($1.key) / $1.value })
    }

    /// Seconds of a pass over `count` tokens of one sequence, likewise.
    public func pass(over count: Int) -> Double {
      Self.value(at: count, of: pass.merging([1: 1 / decode]) { own, _ in own })
    }

    private static func value(at count: Int, of points: [Int: Double]) -> Double {
      let sorted = points.sorted { $0.key < $1.key }
      guard sorted.count > 1 else { return (sorted.first?.value ?? 0) }
      let upper = sorted.firstIndex { $0.key >= count }.map { max($0, 1) } ?? sorted.count - 1
      let (a, b) = (sorted[upper - 1], sorted[upper])
      return a.value + (b.value - a.value) * Double(count - a.key) / Double(b.key - a.key)
    }
  }

  /// A pair by its rates.
  public init(small: Rates, large: Rates) {
    self.small = small
    self.large = large
  }

  /// The time that the small model takes to write a token, over that of the large one.
  public var writingRatio: Double { large.decode / small.decode }

  /// The same pair on a device where the large model reads `gain` times as fast as it writes; all else as it is.
  public func reading(gain: Double) -> Self {
    var pair = self
    pair.large.prefill = gain * large.decode
    return pair
  }

  // MARK: - Speculative Chain of Thought

  /// Speculative Chain of Thought with `drafts` drafts, one of which is chosen; each is as long as the thinking of the
  /// large model alone would be.
  ///
  /// The drafts are written together, the large model reads all of them to choose, and the chosen one again to answer,
  /// unless `keepsChosen`: draft + (N + 1) / R.
  public func speculativeCoT(drafts: Int, keepsChosen: Bool = false) -> Double {
    let read = Double(drafts + (keepsChosen ? 0 : 1)) / large.readingGain
    return small.step(of: drafts) * large.decode + read
  }

  /// The most drafts, up to `most`, with which it takes less time than the large model alone; 0 if not even one does.
  public func draftsThatPay(upTo most: Int = 8, keepsChosen: Bool = false) -> Int {
    (1...max(most, 1)).last { speculativeCoT(drafts: $0, keepsChosen: keepsChosen) < 1 } ?? 0
  }

  // MARK: - Speculative decoding

  /// Speculative decoding with `length` draft tokens at a time by the small model, each of which is right with the chance
  /// `acceptance`: one pass over them and their beginning, for (1 − a^(k+1)) / (1 − a) tokens (arXiv:2211.17192, Eq. 1).
  public func speculation(length: Int, acceptance: Double) -> Double {
    let written = (0...length).reduce(0.0) { sum, place in
      sum + (0..<place).reduce(1.0) { power, _ in power * acceptance }
    }
    let round = large.pass(over: length + 1) + Double(length) / small.decode
    return round * large.decode / written
  }

  /// The acceptance from which on it takes less time than the large model alone; nil if none is high enough.
  public func leastAcceptance(length: Int) -> Double? {
    guard speculation(length: length, acceptance: 1) < 1 else { return nil }
    var (low, high) = (0.0, 1.0)
    for _ in 0..<30 {
      let middle = (low + high) / 2
      if speculation(length: length, acceptance: middle) < 1 { high = middle } else { low = middle }
    }
    return high
  }
}
