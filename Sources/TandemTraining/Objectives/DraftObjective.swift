/// The loss of a draft model at a guess that its target rejected: how far its distribution q is from the target's p
/// (Online Speculative Decoding, arXiv:2310.07177).
///
/// The target's distribution is known for its likeliest tokens. All others together are one more outcome, of both: that
/// divergence is at most the one over all tokens, and is equal to it if all are known.
package struct DraftObjective: Sendable, Hashable, Codable {
  package enum Divergence: String, Sendable, Hashable, Codable, CaseIterable {
    /// KL(p ‖ q), which covers all that the target may write; the released code's default.
    case forward
    /// KL(q ‖ p), which keeps to what the target writes most.
    case reverse
    /// Jensen and Shannon's: (KL(p ‖ m) + KL(q ‖ m)) / 2 with m = (p + q) / 2.
    case jsd
  }

  package var divergence: Divergence

  package init(_ divergence: Divergence = .forward) { self.divergence = divergence }

  /// The sum over positions.
  ///
  /// - Parameters:
  ///   - logits: Of the draft model. [N, V]
  ///   - targets: One for each position.
  func loss(_ logits: Tensor, _ targets: [TargetDistribution]) throws(TrainingError) -> Tensor {
    let (count, size) = (targets.count, logits.shape[1])
    let width = targets.map(\.tokens.count).max() ?? 0
    // A position with fewer tokens than others has its first one again, which the mask leaves out.
    var (places, p, mask): ([Int32], [Float], [Float]) = ([], [], [])
    for (row, target) in targets.enumerated() {
      for index in 0..<width {
        let isThere = index < target.tokens.count
        places.append(Int32(row * size) + target.tokens[isThere ? index : 0].rawValue)
        p.append(target.logProbabilities[isThere ? index : 0])
        mask.append(isThere ? 1 : 0)
      }
    }
    let firsts = try Tensor(integers: targets.map { $0.tokens[0].rawValue }, shape: [count])
    let firstPlaces = try Tensor(integers: (0..<count).map { places[$0 * width] }, shape: [count])
    let flat = try logits.reshaped([count * size, 1])
    let chosen = try flat.rows(Tensor(integers: places, shape: [places.count]), .composed).reshaped([count, width])
    // ln of the sum of all exponentials: a token's logit, less its ln p.
    let sums = try (flat.rows(firstPlaces, .composed).reshaped([count]) + logits.crossEntropy(firsts))
      .reshaped([count, 1])
    let known = try Tensor(mask, shape: [count, width])
    let q = try chosen - sums
    let rest = try (Tensor(1) - (q.exp() * known).sum(along: 1)).maximum(Tensor(TargetDistribution.leastRest)).log()
    let ofRest = try terms(Tensor(targets.map(\.rest), shape: [count]), rest)
    return try (terms(Tensor(p, shape: [count, width]), q) * known).sum() + ofRest.sum()
  }

  /// What each outcome adds, by its ln p and ln q.
  private func terms(_ p: Tensor, _ q: Tensor) throws(TrainingError) -> Tensor {
    switch divergence {
    case .forward: return try p.exp() * (p - q)
    case .reverse: return try q.exp() * (q - p)
    case .jsd:
      let (p1, q1) = (try p.exp(), try q.exp())
      // Two numbers too small for their type have a mean of 0.
      let m = try ((p1 + q1) * 0.5).maximum(Tensor(1e-30)).log()
      return try (p1 * (p - m) + q1 * (q - m)) * 0.5
    }
  }
}

extension Llama {
  /// The sum of the divergences at the learnt tokens of a batch.
  func loss(of batch: DocumentBatch, by objective: DraftObjective) throws(TrainingError) -> Tensor {
    try objective.loss(logits(learntStates(of: batch)), batch.targets)
  }
}
