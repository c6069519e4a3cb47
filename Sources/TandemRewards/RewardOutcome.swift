/// One sampled completion, as a reward sees it.
package struct RewardOutcome: Sendable, Hashable, Codable {
  /// Tokens of the thinking: L in the formulas.
  package var length: Int
  /// 1[correct] in the formulas.
  package var isCorrect: Bool
  /// Whether it ran into the limit, or lacks the end of its thinking.
  package var isCut: Bool
  /// Whether it repeats itself.
  package var isRepetitive: Bool

  package init(length: Int, isCorrect: Bool, isCut: Bool = false, isRepetitive: Bool = false) {
    self.length = length
    self.isCorrect = isCorrect
    self.isCut = isCut
    self.isRepetitive = isRepetitive
  }
}

extension Collection<RewardOutcome> {
  /// The share of right ones: p in the formulas. 0 if there are none.
  package var accuracy: Double { isEmpty ? 0 : Double(count { $0.isCorrect }) / Double(count) }

  /// 0 if there are none.
  package var meanLength: Double { isEmpty ? 0 : reduce(0) { $0 + Double($1.length) } / Double(count) }
}
