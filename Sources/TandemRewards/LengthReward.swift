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
  /// Throws `missing` if `context` lacks a value that the rule needs.
  func rewards(of group: [RewardOutcome], _ context: RewardContext) throws(RewardError) -> [Reward]
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
