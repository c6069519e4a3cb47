#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The loss of a pair of answers to one prompt, of which one is preferred.
///
/// Each answer y has a reward r(y), and the loss is -ln σ(r(chosen) - r(rejected) - γ): how surprising the preference is
/// to a model of choices by reward (Bradley and Terry 1952). The rules differ in the reward:
/// - DPO (arXiv:2305.18290, eq. 7): r = β ln(π(y) / π_ref(y)), γ = 0
/// - SimPO (arXiv:2405.14734, eq. 6): r = β / |y| ln π(y), without a reference
package struct PreferenceObjective: Sendable, Hashable, Codable {
  package enum Rule: String, Sendable, Hashable, Codable, CaseIterable { case dpo, simpo }

  package var rule: Rule
  /// β: how much a difference of log-probabilities counts.
  package var beta: Float
  /// γ: by how much the chosen answer's reward must be the larger one.
  package var margin: Float
  /// Whether rewards are divided by |y|, the answer's tokens: then a longer answer earns no more for its length. SimPO's
  /// rule does so; DPO's does not (with it, it is TRL's `sigmoid_norm`).
  package var isLengthNormalized: Bool

  /// The defaults: β is 0.1 for DPO (TRL's) and 2 for SimPO, γ is 1 for SimPO (both in the range of its paper).
  package init(_ rule: Rule, beta: Float? = nil, margin: Float? = nil, isLengthNormalized: Bool? = nil) {
    self.rule = rule
    self.beta = beta ?? (rule == .dpo ? 0.1 : 2)
    self.margin = margin ?? (rule == .dpo ? 0 : 1)
    self.isLengthNormalized = isLengthNormalized ?? (rule == .simpo)
  }

  /// The sum over pairs, and the rewards of all answers, chosen ones and rejected ones in turn.
  ///
  /// - Parameter now: ln π of each learnt token.
  func loss(_ now: Tensor, _ batch: DocumentBatch) throws(TrainingError) -> Loss {
    let (answers, tokens) = (batch.order.count, batch.learntCounts.reduce(0, +))
    let logRatios = rule == .dpo ? try now - batch.reference() : now
    // A row for each answer adds up its own tokens: [answers, tokens] times [tokens, 1].
    var sums = [Float](repeating: 0, count: answers * tokens)
    var start = 0
    for (answer, length) in batch.learntCounts.enumerated() {
      let factor = isLengthNormalized ? beta / Float(length) : beta
      for token in start..<start + length { sums[answer * tokens + token] = factor }
      start += length
    }
    let rewards = try Tensor(sums, shape: [answers, tokens])
      .matrixMultiplied(by: logRatios.reshaped([tokens, 1])).reshaped([answers / 2, 2])
    // -ln σ(a - b) is the cross-entropy of the choice between a and b.
    let choices = try rewards - Tensor([margin, 0], shape: [2])
    let chosen = try Tensor(integers: [Int32](repeating: 0, count: answers / 2), shape: [answers / 2])
    return Loss(value: try choices.crossEntropy(chosen).sum(), seen: rewards)
  }

  /// The loss of one pair, from log-probabilities. What `loss(_:_:)` is tested against.
  package func loss(
    chosen: [Double], reference chosenReference: [Double], rejected: [Double], reference rejectedReference: [Double]
  ) -> Double {
    func reward(_ now: [Double], _ reference: [Double]) -> Double {
      let ratio = now.reduce(0, +) - (rule == .dpo ? reference.reduce(0, +) : 0)
      return Double(beta) * ratio / (isLengthNormalized ? Double(now.count) : 1)
    }
    let difference = reward(chosen, chosenReference) - reward(rejected, rejectedReference) - Double(margin)
    return max(-difference, 0) + log1p(exp(-abs(difference)))
  }

  /// Throws `invalidOption`, naming the first option that makes no sense.
  package func validate() throws(TrainingError) {
    guard beta > 0, beta <= 1000 else {
      throw .invalidOption(name: "beta", reason: "must be above 0, at most 1000, not \(beta)")
    }
    guard (0...1000).contains(margin) else {
      throw .invalidOption(name: "margin", reason: "must be from 0 to 1000, not \(margin)")
    }
  }
}
