/// A rule that weighs right answers against long thinking. A value: its coefficients, and nothing learned.
///
/// All completions of one prompt are rewarded together, because many rules compare them with each other.
package protocol LengthReward: Sendable, Hashable, Codable {
  /// As the command line calls it.
  static var name: String { get }
  /// What must be measured for it; nothing for most.
  static var needs: Set<RewardStatistic> { get }
  /// The rule with the coefficients of its paper.
  init()
  /// The reward of each completion of one prompt.
  ///
  /// Throws `invalidOption` where the rule needs something that `context` does not have.
  func rewards(of group: [Outcome], _ context: RewardContext) throws(TrainingError) -> [Reward]
}

extension LengthReward {
  package static var needs: Set<RewardStatistic> { [] }
}

/// What costs completions of its own to know.
package enum RewardStatistic: Sendable, Hashable {
  /// `RewardContext.reference`
  case reference
  /// `RewardContext.validationAccuracy`
  case validationAccuracy
}

/// What a completion earns.
package struct Reward: Sendable, Hashable, Codable {
  /// For being right or wrong.
  package var accuracy: Double
  /// For its length: what `isCorrectOnly` takes from wrong answers.
  package var length: Double

  package init(accuracy: Double, length: Double) {
    self.accuracy = accuracy
    self.length = length
  }

  package var total: Double { accuracy + length }
}

/// What a reward may know beyond the completions of one prompt.
package struct RewardContext: Sendable, Hashable {
  /// The most tokens that a completion may have: L_max.
  package var limit: Int
  /// The level that the prompt asks for.
  package var level: LengthLevel?
  /// The tokens that the prompt asks for: n_gold of L1.
  package var budget: Int?
  /// What the reference model does with this prompt.
  package var reference: Reference?
  /// The share of right answers on problems that are not trained on.
  package var validationAccuracy: Double?

  /// Means over completions of the reference model.
  package struct Reference: Sendable, Hashable, Codable {
    package var meanLength: Double
    package var accuracy: Double

    package init(meanLength: Double, accuracy: Double) {
      self.meanLength = meanLength
      self.accuracy = accuracy
    }
  }

  package init(
    limit: Int, level: LengthLevel? = nil, budget: Int? = nil, reference: Reference? = nil,
    validationAccuracy: Double? = nil
  ) {
    self.limit = limit
    self.level = level
    self.budget = budget
    self.reference = reference
    self.validationAccuracy = validationAccuracy
  }

  /// `value`, or the complaint that `reward` can't do without it.
  func require<Value>(_ value: Value?, _ what: String, for reward: String) throws(TrainingError) -> Value {
    guard let value else { throw .invalidOption(name: "reward", reason: "\(reward) needs \(what)") }
    return value
  }
}
