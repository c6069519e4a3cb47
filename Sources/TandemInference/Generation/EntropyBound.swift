/// A bound at which a generation stops, on how certain the model is of its next tokens.
public struct EntropyBound: Sendable, Hashable {
  /// On which side of the threshold the generation stops.
  public enum Side: Sendable, Hashable { case above, below }

  /// On which side of the threshold the generation stops.
  public var side: Side
  /// In nats, or as a share of ln |V|, the largest possible entropy, if `isNormalised`.
  public var threshold: Float
  /// Whether the threshold is a share of ln |V|.
  public var isNormalised: Bool
  /// The entropy is averaged over this many of the last tokens, or over all of the generation if these are fewer.
  public var window: Int
  /// How many tokens are sampled in any case.
  public var minimumTokens: Int

  /// A bound on the entropy of one token, or on the mean of several.
  public init(
    _ side: Side, _ threshold: Float, isNormalised: Bool = false, window: Int = 1, minimumTokens: Int = 1
  ) {
    self.side = side
    self.threshold = threshold
    self.isNormalised = isNormalised
    self.window = window
    self.minimumTokens = minimumTokens
  }

  /// The same for a vocabulary of `size` tokens, in nats: nil if its entropy can never be there.
  package func resolved(vocabularySize size: Int) -> Self? {
    let most = Softmax.log(Float(size))
    var bound = self
    bound.threshold *= isNormalised ? most : 1
    bound.isNormalised = false
    return side == .above ? (bound.threshold < most ? bound : nil) : (bound.threshold > 0 ? bound : nil)
  }

  /// Whether a model that has sampled tokens of these entropies, in nats, is beyond the bound.
  ///
  /// Throws `inexact` if the entropies are not known well enough to tell.
  package func isCrossed(by entropies: [Measured]) throws(EngineError) -> Bool {
    let last = entropies.suffix(window)
    guard entropies.count >= minimumTokens, !last.isEmpty else { return false }
    let mean = Measured.mean(of: last)
    guard let isCrossed = side == .above ? mean.isAbove(threshold) : mean.isBelow(threshold) else {
      let quantity = window == 1 ? "entropy of the last token" : "mean entropy of the last \(last.count) tokens"
      throw .inexact(quantity: quantity, known: mean, needed: "be on one side of \(threshold) nats")
    }
    return isCrossed
  }

  /// Throws `invalidParameter` for a window of nothing or a threshold that is not a number.
  func validate() throws(EngineError) {
    guard window > 0 else {
      throw .invalidParameter(name: "window", reason: "must be at least 1, not \(window)")
    }
    guard !threshold.isNaN else {
      throw .invalidParameter(name: "threshold", reason: "must be a number, not \(threshold)")
    }
  }
}
