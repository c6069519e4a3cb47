import TandemInference
package import TandemRewards

/// How a model is trained by reinforcement, every number of it.
package struct PolicyOptions: Sendable, Codable {
  package var reward: RewardRule
  package var advantages = AdvantageRule()
  package var objective = PolicyObjective()
  package var schedule: CosineSchedule
  /// Without decay: what is not rewarded stays as it was.
  package var optimizer = AdamW.Options(beta2: 0.99, weightDecay: 0)
  /// Prompts of a step that tell something: those whose completions earn different rewards.
  package var groups = 8
  /// G: completions of a prompt.
  package var groupSize = 8
  /// How often new prompts are drawn for groups that tell nothing; 0 takes what the first draw leaves (DAPO,
  /// arXiv:2503.14476, 3.2, draws until there are enough).
  package var resamplings = 2
  /// μ: updates on the completions of a step.
  package var updates = 1
  /// The most tokens of a completion.
  package var limit = 440
  /// Positions of one row, and rows that are computed at once; gradients are added up over all rows of a step.
  package var rowLength = 2048
  package var rowsPerBatch = 1
  package var alarm = CollapseAlarm.Options()
  /// For a reward that needs a validation: how many problems it has, and steps from one to the next. Both ours: at an
  /// accuracy of 0.3, that of 128 completions is known to 0.04.
  ///
  /// LASER-D's targets are chosen every 20 steps, as published, by groups of completions of 32 problems, where the authors
  /// have 500: with the other defaults, that is a fifth more to sample.
  package var validationProblems = 128
  package var validationInterval = 10
  /// How far ln p of the engine and of the trainer may be apart at any token.
  package var parityTolerance: Float = 0.01
  /// Of the completions. Problems and their order are the practice's.
  package var seed: UInt64 = 0

  package init(reward: RewardRule, schedule: CosineSchedule) {
    self.reward = reward
    self.schedule = schedule
    if reward.needs.contains(.targets) { (validationProblems, validationInterval) = (32, 20) }
  }

  /// The policy's own distribution: any other would need another ratio.
  static let sampling = SamplingParameters(temperature: 1, topP: 1)

  /// Throws `invalidOption`, naming the first option that makes no sense.
  package func validate() throws(TrainingError) {
    func check<Value: Comparable>(_ name: String, _ value: Value, _ range: ClosedRange<Value>) throws(TrainingError) {
      guard range.contains(value) else {
        let rule = "must be from \(range.lowerBound) to \(range.upperBound)"
        throw .invalidOption(name: name, reason: "\(rule), not \(value)")
      }
    }
    try check("schedule.peak", schedule.peak, 0...1)
    try check("schedule.steps", schedule.steps, 1...1_000_000_000)
    try check("schedule.warmUp", schedule.warmUp, 0...schedule.steps)
    try check("schedule.floor", schedule.floor, 0...1)
    try check("groups", groups, 1...65536)
    try check("groupSize", groupSize, 2...65536)
    try check("resamplings", resamplings, 0...1000)
    try check("updates", updates, 1...1000)
    try check("limit", limit, 2...1_048_576)
    try check("rowLength", rowLength, limit...1_048_576)
    try check("rowsPerBatch", rowsPerBatch, 1...65536)
    try check("validationProblems", validationProblems, 1...65536)
    try check("validationInterval", validationInterval, 1...1_000_000_000)
    try check("parityTolerance", parityTolerance, 0...Float.greatestFiniteMagnitude)
    try check("optimizer.clip", optimizer.clip, 1e-6...Float.greatestFiniteMagnitude)
    try objective.validate()
    do { try reward.validate(limit: limit) } catch { throw .reward(error) }
  }
}
