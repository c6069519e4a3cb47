import TandemInference

/// Which selections a selector is trained on, and in which order their drafts are shown.
package struct SelectionMix: Sendable {
  /// The largest share of problems without a right draft.
  package let rejections: Double
  /// How often each problem is shown, the first time as it was drawn.
  package let orders: Int
  package let seed: UInt64

  package init(rejections: Double, orders: Int, seed: UInt64) {
    (self.rejections, self.orders, self.seed) = (rejections, orders, seed)
  }

  package func apply(to problems: [DraftedProblem]) -> [DraftedProblem] {
    let good = problems.count { !$0.isHopeless }
    // x / (good + x) = share
    var room = rejections < 1 ? Int(rejections / (1 - rejections) * Double(good)) : .max
    let kept = problems.filter { problem in
      guard problem.isHopeless else { return true }
      room -= 1
      return room >= 0
    }
    var generator = SplitMix64(seed: SplitMix64.derive(seed, 0x5c07))
    return kept.flatMap { problem in
      (0..<orders).map { turn in
        turn == 0 ? problem : problem.reordered(problem.drafts.indices.shuffled(using: &generator))
      }
    }
  }
}
