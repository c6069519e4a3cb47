/// A rule that weighs right answers against long thinking. A value: its coefficients, and nothing learned.
///
/// All completions of one prompt are rewarded together, because many rules compare them with each other.
package protocol LengthReward: Sendable, Hashable, Codable {
  /// As the command line calls it.
  static var name: String { get }
  /// What it earns, in a formula.
  static var formula: String { get }
  /// Whether the reward of a completion depends on the others of its prompt.
  static var comparesGroup: Bool { get }
  /// The twin of `rewards(of:_:)` for models that other frameworks train, step by step and with the same names; a test
  /// runs both. It is the body of `def parts(group, context)`, which gives what each completion of `group` earns for
  /// being right or wrong, and for its length. Coefficients are constants that are named as in Swift, in capitals:
  /// `lengthWeight` is `LENGTH_WEIGHT`.
  static var python: String { get }
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
  /// `RewardContext.targets`
  case targets
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

  /// Throws `invalidOption` for the first number that no prompt and no model has.
  package func validate() throws(TrainingError) {
    guard (1...1_000_000_000).contains(budget ?? 1) else {
      throw .invalidOption(name: "budget", reason: "must be from 1 to 1000000000 tokens")
    }
    if let reference {
      guard reference.meanLength >= 0, reference.meanLength.isFinite, 0...1 ~= reference.accuracy else {
        throw .invalidOption(
          name: "reference", reason: "must have a meanLength of at least 0 tokens and an accuracy from 0 to 1")
      }
    }
    guard 0...1 ~= validationAccuracy ?? 0 else {
      throw .invalidOption(name: "validationAccuracy", reason: "must be from 0 to 1")
    }
  }

  /// `value`, or the complaint that `reward` can't do without it.
  func require<Value>(_ value: Value?, _ what: String, for reward: String) throws(TrainingError) -> Value {
    guard let value else { throw .invalidOption(name: "reward", reason: "\(reward) needs \(what)") }
    return value
  }
}
