/// How much each part of the thinking reveals about the answer (Think or Not?, arXiv:2505.18237: InfoGain).
///
/// H(i − 1) − H(i), with the entropies H of the answers that the model would give, measured at each look of
/// `EntropyStop`. The released code reads each paragraph alone in its paragraph mode; here the model always reads all
/// thinking so far.
public struct InformationGain: Sendable, Hashable, Codable {
  /// Entropy of the answers, in bits, from the first look on.
  public let entropies: [Double]
  /// How much it fell from each look to the next; one less than there are entropies.
  public let gains: [Double]

  /// The gains from the probabilities of the answers at each look.
  public init(distributions: [[Double]]) {
    entropies = distributions.map { Entropy.bits(of: $0) }
    gains = zip(entropies, entropies.dropFirst()).map { $0 - $1 }
  }

  /// The gains of a run that looked at its answers; nil if it found none. A look that found no answer has no entropy.
  public init?(_ trace: Trace) {
    let looks = trace.events.compactMap { event -> [Double]? in
      guard case .selected(let selection) = event, selection.method == .answers,
        !selection.scores.isEmpty
      else { return nil }
      return selection.scores
    }
    guard !looks.isEmpty else { return nil }
    self.init(distributions: looks)
  }
}
