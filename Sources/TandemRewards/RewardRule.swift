/// A length reward as a run uses it and as its checkpoint describes it: by name, with its coefficients.
package struct RewardRule: Sendable, Codable {
  package var reward: any LengthReward
  /// Whether the length term applies to correct answers only.
  package var isCorrectOnly: Bool

  package init(_ reward: some LengthReward, isCorrectOnly: Bool = false) {
    self.reward = reward
    self.isCorrectOnly = isCorrectOnly
  }

  /// All rules that have a name.
  package static let known: [any LengthReward.Type] = [
    TLDR.self, L1Exact.self, L1Max.self, O1Pruner.self, DAST.self, ShorterBetter.self, AALC.self, Laser.self,
    LaserD.self, LaserDE.self, Kimi.self, AroraZanette.self, SoftOverlong.self,
  ]

  /// The rule of that name. Throws `unknownReward`.
  package static func named(_ name: String) throws(RewardError) -> any LengthReward.Type {
    guard let type = known.first(where: { $0.name == name }) else {
      throw .unknownReward(name: name, known: known.map { $0.name })
    }
    return type
  }

  package var needs: Set<RewardStatistic> { type(of: reward).needs }

  /// Whether prompts ask for a number of tokens: `RewardContext.budget`.
  package var usesBudget: Bool { reward is L1Exact || reward is L1Max }

  /// What each completion of one prompt earns.
  ///
  /// Throws `missing` or `invalidValue` if `context` does not fit, or `notFinite`: a trainer can't learn from a reward
  /// that is not a number.
  package func rewards(of group: [RewardOutcome], _ context: RewardContext) throws(RewardError) -> [Double] {
    try context.validate()
    let rewards = try zip(group, reward.rewards(of: group, context)).map { outcome, reward in
      isCorrectOnly && !outcome.isCorrect ? reward.accuracy : reward.total
    }
    guard rewards.allSatisfy(\.isFinite) else {
      let coefficients = try reward.coefficients().flatMap { $0.value.flattened($0.key) }
        .map { "\($0.name) \($0.number)" }.sorted().joined(separator: ", ")
      throw .notFinite(reward: type(of: reward).name, coefficients: coefficients)
    }
    return rewards
  }

  /// Throws `notFinite` if some completion of at most `limit` tokens would earn no number, before any is sampled.
  package func validate(limit: Int) throws(RewardError) {
    let group = [0, 1, limit / 2, limit].flatMap { length in
      [true, false].map { RewardOutcome(length: length, isCorrect: $0) }
    }
    for level in LengthLevel.allCases {
      let context = RewardContext(
        limit: limit, level: level, budget: limit, reference: .init(meanLength: Double(limit), accuracy: 0.5),
        validationAccuracy: 0.5)
      _ = try rewards(of: group, context)
    }
  }

  private enum Key: CodingKey { case name, isCorrectOnly, coefficients }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let type = try Self.named(container.decode(String.self, forKey: .name))
    reward = try type.init(from: container.superDecoder(forKey: .coefficients))
    isCorrectOnly = try container.decode(Bool.self, forKey: .isCorrectOnly)
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(type(of: reward).name, forKey: .name)
    try container.encode(isCorrectOnly, forKey: .isCorrectOnly)
    try reward.encode(to: container.superEncoder(forKey: .coefficients))
  }
}
