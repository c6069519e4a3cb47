import TandemRewards

/// Trains a model, or its adapter, by reinforcement with GRPO (arXiv:2402.03300), one step at a time.
///
/// ```swift
/// var trainer = try PolicyTrainer(model, metadata, practice, engine, options, files: PolicyFiles(weights: "w.gguf"))
/// while let progress = try await trainer.step() { print(progress.step, progress.reward) }
/// ```
/// A step: write the weights; let the engine sample G completions of each prompt; judge and reward them; compare them
/// within their groups; compute ln p of their tokens under policy and reference; move the parameters. The same inputs
/// give the same numbers, bit for bit; so does a run that was stopped and continued from a checkpoint.
package struct PolicyTrainer: Sendable {
  package internal(set) var model: Llama
  /// What the divergence is measured from: the model that training began with.
  let reference: Llama
  let metadata: [String: GGUFValue]
  let practice: any Practice
  /// Other problems, for rewards that ask how these are solved.
  let validation: (any Practice)?
  let engine: any RolloutEngine
  package let options: PolicyOptions
  let files: PolicyFiles
  var optimizer: AdamW
  /// What a checkpoint holds beside tensors.
  var position = Position()
  var alarm: CollapseAlarm
  /// Whether this trainer has written the weights that an adapter is on; a file of that name may be another's.
  var hasWrittenBase = false
  private var (watch, watchedSteps) = (Stopwatch(), 0)

  struct Position: Sendable, Hashable, Codable {
    /// Steps taken.
    var step = 0
    /// Prompts drawn.
    var draws = 0
    var completions = 0
    var tokens = 0
    /// What the reward needs, by prompt and of the last validation.
    var references: [String: RewardContext.Reference] = [:]
    var validationAccuracy: Double?
    var targets: LaserTargets?
  }

  /// - Parameters:
  ///   - model: Also the reference. Where it has an adapter, that is trained and the rest stays as it is; the adapter
  ///     must drop nothing out, because the ratio would then be that of two models.
  ///   - metadata: Of the model's GGUF file: its tokenizer and template.
  ///   - validation: Problems for a reward that needs a validation; the first draws are taken each time.
  ///   - files: Where this trainer writes what changes in a step, with a path for an adapter if there is one.
  ///
  /// Throws `invalidOption`.
  package init(
    _ model: Llama, _ metadata: [String: GGUFValue], _ practice: any Practice, validation: (any Practice)? = nil,
    _ engine: any RolloutEngine, _ options: PolicyOptions, files: PolicyFiles
  ) throws(TrainingError) {
    try options.validate()
    guard model.adapter == nil || files.adapter != nil else {
      throw .invalidOption(name: "files", reason: "must have a path for the adapter")
    }
    guard model.adapter?.configuration.dropout ?? 0 == 0 else {
      throw .invalidOption(name: "dropout", reason: "must be 0 in training by reinforcement")
    }
    guard validation != nil || options.reward.needs.isDisjoint(with: [.validationAccuracy, .targets]) else {
      throw .invalidOption(name: "reward", reason: "needs problems to validate with")
    }
    self.model = model
    self.metadata = metadata
    self.practice = practice
    self.validation = validation
    self.engine = engine
    self.options = options
    self.files = files
    reference = model
    optimizer = try AdamW(model.trained.tensors, options.optimizer)
    optimizer.kernels = model.kernels
    alarm = CollapseAlarm(options.alarm)
  }

  /// Steps taken.
  package var stepCount: Int { position.step }

  /// Takes the next step, or returns nil after the last one.
  ///
  /// Throws `ReinforcementError` or `diverged`; the model and all else are then those of the step before.
  package mutating func step() async throws -> PolicyProgress? {
    guard position.step < options.schedule.steps else { return nil }
    var next = self
    let progress = try await next.take()
    self = next
    return progress
  }

  private mutating func take() async throws -> PolicyProgress {
    position.step += 1
    let sampling = Stopwatch()
    let groups = try await sampleGroups()
    let samplingSeconds = sampling.seconds

    let scoring = Stopwatch()
    var samples = samples(of: groups)
    let parity = try score(&samples, groups)
    if let control = options.objective.stepLength { try self.control(&samples, of: groups, by: control) }
    let divergence = divergence(of: samples)
    let scoringSeconds = scoring.seconds

    let updating = Stopwatch()
    let (loss, norm) = try update(on: samples)
    let seconds = PolicyProgress.Seconds(
      sampling: samplingSeconds, logProbabilities: scoringSeconds, update: updating.seconds)
    watchedSteps += 1
    let progress = progress(groups, loss: loss, norm: norm, divergence: divergence, parity: parity, seconds)
    let reason = alarm.hear(
      length: progress.length, accuracy: progress.accuracy, entropy: progress.entropy, equalGroups: progress.equalGroups
    )
    if let reason { throw ReinforcementError.collapsed(step: position.step, reason: reason) }
    return progress
  }

  private func progress(
    _ groups: [PolicyGroup], loss: Float, norm: Float, divergence: Double, parity: Float,
    _ seconds: PolicyProgress.Seconds
  ) -> PolicyProgress {
    let outcomes = groups.flatMap(\.outcomes)
    let rollouts = groups.flatMap(\.rollouts)
    let count = Double(outcomes.count)
    var levels: [LengthLevel: PolicyProgress.Level] = [:]
    for (level, groups) in Dictionary(grouping: groups, by: \.exercise.level) {
      if let level { levels[level] = .init(groups.flatMap(\.outcomes)) }
    }
    let tokens = rollouts.reduce(0) { $0 + $1.tokens.count }
    let entropy = rollouts.reduce(0) { $0 + Double($1.entropy) * Double($1.tokens.count) } / Double(max(tokens, 1))
    return PolicyProgress(
      step: position.step, steps: options.schedule.steps,
      reward: groups.reduce(0) { $0 + $1.rewards.reduce(0, +) } / count, accuracy: outcomes.accuracy,
      length: outcomes.meanLength, cut: Double(outcomes.count { $0.isCut }) / count, levels: levels, entropy: entropy,
      divergence: divergence, equalGroups: Double(groups.count { $0.isEqual }) / Double(groups.count), loss: loss,
      gradientNorm: norm, learningRate: options.schedule.rate(at: position.step), parity: parity,
      validationAccuracy: position.validationAccuracy, targets: position.targets, completions: position.completions,
      tokens: position.tokens,
      sampledPerSecond: Double(tokens) / max(seconds.sampling, 1e-9), seconds: seconds,
      secondsLeft: watch.seconds / Double(watchedSteps) * Double(options.schedule.steps - position.step))
  }
}
