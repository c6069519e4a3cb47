package import TandemInference

/// Measures what strategies cost on two models, whatever these have learned: the strategies' own code on the models'
/// own engines, with a schedule of what is written.
package struct PairBench: Sendable {
  let models: [Role: any LanguageModel]
  private let schedule: WritingSchedule
  private let sampling: SamplingParameters
  private let format: ReasoningFormat?
  /// When drafts of speculative decoding are left out.
  package var pacing = DraftPacing.measured
  /// Seconds that a token takes to be drawn from each model's logits.
  private let draws: [Role: Double]

  /// - Parameters:
  ///   - schedule: What is written.
  ///   - sampling: How tokens are drawn, by both models alike.
  ///   - format: How the models mark their thinking; nil for what their templates say.
  ///
  /// Throws `invalidSetting` for a schedule that makes no sense, and whatever the engines throw when they first work.
  package init(
    small: any LanguageModel, large: any LanguageModel, _ schedule: WritingSchedule,
    sampling: SamplingParameters = .init(),
    format: ReasoningFormat? = nil
  ) async throws {
    try schedule.validate()
    try sampling.validate()
    models = [.small: small, .large: large]
    (self.schedule, self.sampling, self.format) = (schedule, sampling, format)
    var draws: [Role: Double] = [:]
    for (role, model) in models { draws[role] = try await Self.secondsToDraw(from: model, sampling) }
    self.draws = draws
  }

  /// What one run took.
  package struct Result: Sendable, Hashable {
    /// Seconds from the prompt to the end.
    package let seconds: Double
    /// Seconds in which neither model was asked for anything.
    package let idle: Double
    /// What each model did.
    package let work: [Role: Work]
  }

  /// What one model did in a run.
  package struct Work: Sendable, Hashable {
    /// Tokens drawn, discarded ones included.
    package let written: Int
    /// Tokens read that it had not drawn.
    package let read: Int
    /// Draft tokens evaluated in vain.
    package let rejected: Int
    /// Seconds of each kind of work. Two models at work at once both count them.
    package let seconds: [CallKind: Double]
  }

  /// Runs a strategy once, with a new session of each model that it uses.
  ///
  /// Throws `missing` or `unsupported` if a model lacks what the strategy needs, `invalidParameter` if two vocabularies
  /// should be one or a window is too small for the schedule, and whatever else a run throws.
  package func run(_ row: PairBenchRow, seed: UInt64 = 0) async throws -> Result {
    try check(row)
    let (progress, times) = (ScheduleProgress(), CallTimes())
    let before = models.mapValues(\.counters)
    let solver = try solver(row, progress, times)
    let outcome = try await solver.solve(problem, with: row.strategy, seed: seed) { progress.note($0.event) }
    let (sums, idle) = times.sums(of: outcome.seconds)
    var work: [Role: Work] = [:]
    for (role, model) in models {
      let done = model.counters - before[role, default: .init()]
      work[role] = Work(
        written: done.sampled, read: done.prefilled, rejected: done.proposals.rejected,
        seconds: divided(sums[role] ?? [:], draws: done.sampled, role))
    }
    return Result(seconds: outcome.seconds, idle: idle, work: work)
  }

  var problem: Problem {
    Problem(
      question: Array(repeating: "What is 12 times 7?", count: max(1, schedule.question / 7)).joined(separator: " "))
  }

  func solver(
    _ row: PairBenchRow, _ progress: ScheduleProgress, _ times: CallTimes
  ) throws -> Solver {
    func participant(_ role: Role, _ part: ScheduledModel.Part) throws -> Participant? {
      guard let model = models[role] else { return nil }
      let format = format ?? .detect(template: model.template, tokenizer: model.tokenizer)
      let scheduled = try ScheduledModel(
        model, as: role, part: part, schedule, format: format, progress: progress, times: times)
      return Participant(scheduled, format: format, sampling: sampling)
    }
    var solver = Solver(
      small: try participant(.small, row.draftTokens == nil ? .writer : .drafter),
      large: try participant(.large, .writer),
      budget: Budget(
        // A model that does not mark its thinking answers in it.
        thinkingTokens: schedule.thinking + schedule.answer + Self.slack, answerTokens: schedule.answer + Self.slack))
    if let length = row.draftTokens, let small = solver.small?.model, let large = solver.large?.model {
      solver.large?.model = try SpeculativeDecoding(
        draft: .model(small, DraftLength(length)), target: large, pacing: pacing)
    }
    return solver
  }

  /// Takes the drawing of tokens, which happens within the passes of writing, out of them.
  private func divided(_ seconds: [CallKind: Double], draws count: Int, _ role: Role) -> [CallKind: Double] {
    var divided = seconds
    guard let writing = seconds[.decode], let draw = draws[role] else { return divided }
    let sampling = min(Double(count) * draw, writing)
    (divided[.sampling], divided[.decode]) = (sampling, writing - sampling)
    return divided
  }

  // MARK: - Before the first run

  /// The median time that a token takes to be drawn as a model draws it while it thinks; 0 if it shows no logits.
  private static func secondsToDraw(from model: any LanguageModel, _ sampling: SamplingParameters) async throws
    -> Double
  {
    guard model.capabilities.contains(.logits) else { return 0 }
    let session = try await model.makeSession()
    do {
      let prompt = try model.tokenizer.encode("What is 12 times 7?", control: .asText)
      try await session.extend(to: prompt)
      let row = try await session.require((any LogitSession).self, .logits, of: model).logits()
      var sampler = Sampler(GenerationRequest(sampling: sampling, limit: 1, watched: model.tokenizer.endTokens.first))
      var times: [Double] = []
      for _ in 0..<15 {
        let start = ContinuousClock.now
        _ = try sampler.sample(row.span, after: prompt)
        times.append(start.duration(to: .now) / .seconds(1))
      }
      await session.close()
      return times.sorted()[times.count / 2]
    } catch {
      await session.close()
      throw error
    }
  }
}

extension PairBench {
  /// Tokens beside the schedule's: delimiters, inserted texts, the template.
  private static let slack = 256

  /// The window in which `rows` can be run: a prompt, the thinking and the answer, or a question about all drafts.
  package static func contextSize(for rows: [PairBenchRow], _ schedule: WritingSchedule) -> Int {
    let prompt = schedule.question + 2 * slack
    let run = prompt + schedule.thinking + 2 * schedule.answer + schedule.outline + 2 * slack
    let drafts = rows.compactMap { ($0.strategy as? SpeculativeCoT)?.drafts }.max() ?? 0
    return max(run, prompt + drafts * (schedule.thinking + 16))
  }

  /// Throws `invalidParameter` if a window is too small for what a row writes and reads.
  package func check(_ row: PairBenchRow) throws(EngineError) {
    let needed = Self.contextSize(for: [row], schedule)
    for role in Role.allCases where row.strategy.needs[role] != nil {
      guard let model = models[role], model.contextSize < needed else { continue }
      throw .invalidParameter(
        name: "contextSize",
        reason: "is \(model.contextSize), and \(row.name) takes \(needed) to think as long as the schedule says")
    }
  }
}
