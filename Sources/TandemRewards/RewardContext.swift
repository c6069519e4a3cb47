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
  /// The targets that were chosen last, for LASER-D; nil leaves the rule its own.
  package var targets: LaserTargets?

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
    validationAccuracy: Double? = nil, targets: LaserTargets? = nil
  ) {
    self.limit = limit
    self.level = level
    self.budget = budget
    self.reference = reference
    self.validationAccuracy = validationAccuracy
    self.targets = targets
  }

  /// Throws `invalidValue` for the first value that is out of range.
  package func validate() throws(RewardError) {
    guard (1...1_000_000_000).contains(budget ?? 1) else {
      throw .invalidValue(name: "budget", reason: "must be from 1 to 1000000000 tokens")
    }
    if let reference {
      guard reference.meanLength >= 0, reference.meanLength.isFinite, 0...1 ~= reference.accuracy else {
        throw .invalidValue(
          name: "reference", reason: "must have a meanLength of at least 0 tokens and an accuracy from 0 to 1")
      }
    }
    guard 0...1 ~= validationAccuracy ?? 0 else {
      throw .invalidValue(name: "validationAccuracy", reason: "must be from 0 to 1")
    }
  }

  /// Returns `value`, or throws `missing` if it is nil: `reward` can't be computed without it.
  func require<Value>(_ value: Value?, _ what: String, for reward: String) throws(RewardError) -> Value {
    guard let value else { throw .missing(requirement: what, reward: reward) }
    return value
  }
}

/// How long the thinking is wished to be. TLDR's three levels, put into the prompt in words.
package enum LengthLevel: String, Sendable, Hashable, Codable, CaseIterable, CodingKeyRepresentable {
  case short, medium, long
}
