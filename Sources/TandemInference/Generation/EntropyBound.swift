/// Where a model that is writing puts the pen down because of how certain it is of its own next words.
public struct EntropyBound: Sendable, Hashable {
  /// Which way the entropy has to go.
  public enum Side: Sendable, Hashable { case above, below }

  public var side: Side
  /// In nats; as a share of ln |V|, the most that there can be, where it is normalised.
  public var threshold: Float
  public var isNormalised: Bool
  /// Over how many of its last tokens the entropy is averaged; over all it wrote in this go, where these are fewer.
  public var window: Int
  /// How many tokens it writes in any case.
  public var minimumTokens: Int

  public init(
    _ side: Side, _ threshold: Float, isNormalised: Bool = false, window: Int = 1, minimumTokens: Int = 1
  ) {
    self.side = side
    self.threshold = threshold
    self.isNormalised = isNormalised
    self.window = window
    self.minimumTokens = minimumTokens
  }

  /// The same for a vocabulary of `size` tokens, in nats: nil where its entropy can never get there.
  package func resolved(vocabularySize size: Int) -> Self? {
    let most = Softmax.log(Float(size))
    var bound = self
    bound.threshold *= isNormalised ? most : 1
    bound.isNormalised = false
    return side == .above ? (bound.threshold < most ? bound : nil) : (bound.threshold > 0 ? bound : nil)
  }

  /// Whether a model that has written tokens of these entropies, in nats, is beyond the bound.
  package func isCrossed(by entropies: [Float]) -> Bool {
    let last = entropies.suffix(window)
    guard entropies.count >= minimumTokens, !last.isEmpty else { return false }
    let mean = last.reduce(0, +) / Float(last.count)
    return side == .above ? mean > threshold : mean < threshold
  }

  /// Throws `invalidParameter` for a window of nothing and a bound that is no number.
  func validate() throws(EngineError) {
    guard window > 0 else {
      throw .invalidParameter(name: "entropy-window", reason: "must be at least 1, not \(window)")
    }
    guard !threshold.isNaN else {
      throw .invalidParameter(name: "entropy-threshold", reason: "must be a number, not \(threshold)")
    }
  }
}
