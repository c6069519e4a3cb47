/// Trains a model by reinforcement with GRPO (arXiv:2402.03300), one step at a time.
///
/// ```swift
/// var trainer = try PolicyTrainer(model, metadata, practice, engine, options, weightsPath: "weights.gguf")
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
  let engine: any RolloutEngine
  package let options: PolicyOptions
  /// Where the engine finds the weights.
  let weightsPath: String
  var optimizer: AdamW
  /// What a checkpoint holds beside tensors.
  var position = Position()
  var alarm: CollapseAlarm
  private var (watch, watchedSteps) = (Stopwatch(), 0)

  struct Position: Sendable, Hashable, Codable {
    /// Steps taken.
    var step = 0
    /// Prompts drawn.
    var draws = 0
    var completions = 0
    var tokens = 0
  }

  /// - Parameters:
  ///   - model: Also the reference.
  ///   - metadata: Of the model's GGUF file: its tokenizer and template.
  ///   - weightsPath: A file that this trainer writes anew for each step.
  ///
  /// Throws `invalidOption`.
  package init(
    _ model: Llama, _ metadata: [String: GGUFValue], _ practice: any Practice, _ engine: any RolloutEngine,
    _ options: PolicyOptions, weightsPath: String
  ) throws(TrainingError) {
    try options.validate()
    self.model = model
    self.metadata = metadata
    self.practice = practice
    self.engine = engine
    self.options = options
    self.weightsPath = weightsPath
    reference = model
    optimizer = try AdamW(model.parameters.tensors, options.optimizer)
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
    let divergence = divergence(of: samples)
    let scoringSeconds = scoring.seconds

    let updating = Stopwatch()
    let (loss, norm) = try update(on: samples)
    let seconds = PolicyProgress.Seconds(
      sampling: samplingSeconds, logProbabilities: scoringSeconds, update: updating.seconds)
    watchedSteps += 1
    let progress = progress(groups, loss: loss, norm: norm, divergence: divergence, parity: parity, seconds)
    let reason = alarm.hear(length: progress.length, entropy: progress.entropy, equalGroups: progress.equalGroups)
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
      completions: position.completions, tokens: position.tokens,
      sampledPerSecond: Double(tokens) / max(seconds.sampling, 1e-9), seconds: seconds,
      secondsLeft: watch.seconds / Double(watchedSteps) * Double(options.schedule.steps - position.step))
  }
}
