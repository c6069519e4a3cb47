/// A row of a bench: a strategy with its settings, or the large model alone with the small one guessing its tokens.
package struct PairBenchRow: Sendable {
  /// The strategy's name, or `speculativeDecoding`.
  package let name: String
  /// What is run.
  package let strategy: any Strategy
  /// How many tokens the small model guesses ahead; nil if it guesses none.
  package let draftTokens: Int?

  /// The name of speculative decoding, which is no strategy but a way to run the large model.
  package static let speculativeDecoding = "speculative-decoding"

  /// The rows that say something about a pair: the baselines, the strategies that use both models, and speculative
  /// decoding.
  package static let names =
    [LargeOnly.name, SmallOnly.name]
    + Strategies.all.filter { $0.requirements.count == Role.allCases.count }.map { $0.name }
    + [speculativeDecoding]

  /// - Parameters:
  ///   - name: A strategy's name, or `speculativeDecoding`.
  ///   - settings: Those of the strategy that are not its defaults.
  ///   - draftTokens: The most tokens that the small model guesses at a time in speculative decoding.
  ///
  /// Throws `unknownStrategy`, `unknownSetting` or `invalidSetting`.
  package init(
    _ name: String, settings: [String: Setting] = [:], draftTokens: Int = 4, _ schedule: WritingSchedule
  ) throws(ReasoningError) {
    self.name = name
    let isGuessed = name == Self.speculativeDecoding
    self.draftTokens = isGuessed ? draftTokens : nil
    var strategy = try Strategies.make(isGuessed ? LargeOnly.name : name, settings: settings)
    if var plan = strategy as? CoThink, settings["planTokens"] == nil {
      plan.planTokens = schedule.outline
      strategy = plan
    }
    self.strategy = strategy
  }

  /// The most sessions of each model at once.
  package var sessions: [Role: Int] {
    var sessions = strategy.sessions
    if draftTokens != nil { sessions[.small] = sessions[.large] }
    return sessions
  }
}
