/// How much each stretch of thinking told about the answer (Think or Not?, arXiv:2505.18237: InfoGain).
///
/// H(i − 1) − H(i), the H being entropies of the answers that the model would give, looked at after each stretch. The
/// released code looks at each paragraph alone in its paragraph mode; here it is always all that stands before.
public struct InformationGain: Sendable, Hashable, Codable {
  /// Entropy of the answers, in bits, from the first look on.
  public let entropies: [Double]
  /// How much it fell from each look to the next; one less than there are entropies.
  public let gains: [Double]

  /// From the probabilities of the answers at each look.
  public init(distributions: [[Double]]) {
    entropies = distributions.map { Entropy.bits(of: $0) }
    gains = zip(entropies, entropies.dropFirst()).map { $0 - $1 }
  }

  /// From a run that looked at its answers; nil where it found none. A look that found no answer has no entropy.
  public init?(_ trace: Trace) {
    let looks = trace.events.compactMap { event -> [Double]? in
      guard case .selected(let selection) = event, selection.method == Selection.answers,
        !selection.scores.isEmpty
      else { return nil }
      return selection.scores
    }
    guard !looks.isEmpty else { return nil }
    self.init(distributions: looks)
  }
}
