public import TandemInference

/// Dynamic early exit (DEER; Yang et al., arXiv:2504.15895): at each word that announces another turn of thought, a
/// trial answer is written; if the model is confident of it, the thinking ends before that word.
///
/// The stop words, the text before a trial, its length, its ends, how many there may be and the threshold are those of
/// the released code (iie-ycx/DEER, c9dd19f), and so is the confidence: a mean over the probabilities of the trial's
/// tokens from the second one on. What we do differently: trials are greedy, as the code's comment says (the code
/// leaves the temperature at 1), they share the cache of the thinking, and they are counted, as are the words that were
/// dropped.
public struct EarlyExit: Strategy {
  /// "early-exit".
  public static let name = "early-exit"
  /// The strategy in one sentence.
  public static let about = StrategyDescription(
    summary: "One model that stops thinking as soon as it is confident of a trial answer.",
    paper: "Dynamic Early Exit in Reasoning Models (DEER), arXiv:2504.15895",
    tested: "golden confidences and transcripts; on the nano pair")
  /// The declaration of each setting.
  public static let settings: [SettingSpec<Self>] = [
    .init("role", \.role, "which model"),
    .init(
      "threshold", \.threshold, "confidence above which the thinking ends; 1 or more is never",
      .from(0, orInfinity: true), paper: "λ"),
    .init("words", \.words, "words before which an answer is tried (paper: Wait, or Alternatively)", .atLeast(1)),
    .init("trialPlace", \.trialPlace, "where a trial answer is written (paper: thinking)"),
    .init("trialText", \.trialText, "what a trial begins with"),
    .init("trialTokens", \.trialTokens, "most tokens of a trial", .range(1...Budget.mostTokens)),
    .init("trialEnds", \.trialEnds, "texts that end a trial"),
    .init(
      "trialTemperature", \.trialTemperature, "temperature of a trial; 0 is greedy, the released code has 1",
      .range(0...1000)),
    .init("maximumTrials", \.maximumTrials, "most trials of a run", .range(0...Budget.mostTokens)),
    .init("confidence", \.confidence, "which mean of the probabilities of a trial's tokens counts (paper: mean)"),
    .init(
      "skippedTokens", \.skippedTokens, "how many tokens at the beginning of a trial do not count",
      .range(0...Budget.mostTokens)),
    .init("needsEnd", \.needsEnd, "whether a trial has to end by itself (paper: for Qwen3)"),
  ]
  /// A small model that can fork its sessions, unless `role` says otherwise.
  public static let requirements: [Role: EngineCapabilities] = [.small: .fork]

  /// The model that reasons.
  public var role = Role.small
  /// λ: the confidence above which the thinking ends; 1 or more is never.
  public var threshold = 0.95
  /// The words before which an answer is tried.
  public var words = ["Wait"]
  /// Where a trial answer is written.
  public var trialPlace = Place.thinking
  /// The text that a trial begins with.
  public var trialText = "\n**Final Answer**\n\\boxed"
  /// The most tokens of a trial.
  public var trialTokens = 20
  /// The texts that end a trial.
  public var trialEnds = [" }", "}\n", "}\n\n", "}.", "}.\n", "}\\", "}}", ")}", ")}.", ")}\n"]
  /// The temperature of a trial; 0 is greedy.
  public var trialTemperature: Float = 0
  /// The most trials of a run.
  public var maximumTrials = 10
  /// How the probabilities of a trial's tokens become one number.
  public var confidence = Confidence.mean
  /// How many tokens at the beginning of a trial do not count.
  public var skippedTokens = 1
  /// Whether a trial has to end by itself.
  public var needsEnd = false

  /// Where a trial answer is written.
  public enum Place: String, Sendable, SettingChoice {
    /// In the thinking, which continues for the model: the released code.
    case thinking
    /// In the answer, after a forced end of thinking: for models whose answers have another form.
    case answer
  }

  /// How the probabilities of a trial's tokens become one number.
  public enum Confidence: String, Sendable, SettingChoice {
    /// The arithmetic mean ("avg1").
    case mean
    /// The geometric mean ("avg2").
    case geometric
    /// The least of them ("min").
    case least

    /// The confidence, from 0 to 1, from ln p of each token; 0 if there is none.
    public func value(of logProbabilities: some Collection<Float>) -> Double {
      guard let least = logProbabilities.min() else { return 0 }
      let count = Float(logProbabilities.count)
      let value =
        switch self {
        case .mean: logProbabilities.reduce(0) { $0 + TokenReading.probability($1) } / count
        case .geometric: TokenReading.probability(logProbabilities.reduce(0, +) / count)
        case .least: TokenReading.probability(least)
        }
      return Double(value)
    }
  }

  /// The constants of the released code for R1's descendants, with greedy trials.
  public init() {}

  /// The constants of the released code for R1's descendants, with greedy trials.
  public static let paper = Self()

  /// The released code's values for Qwen3, which is too confident: a geometric mean ("avg2"), and a trial that ends the
  /// thinking itself.
  public static var qwen3: Self {
    var strategy = Self()
    (strategy.confidence, strategy.needsEnd, strategy.trialEnds) = (.geometric, true, [])
    return strategy
  }

  /// Forks, unless there are no trials.
  public var needs: [Role: EngineCapabilities] { [role: threshold < 1 ? .fork : []] }
  /// The session of the chain and that of a trial.
  public var sessions: [Role: Int] { [role: threshold < 1 ? 2 : 1] }

  /// A trial answer; one that is longer than an answer may be is cut instead.
  public func windowNeeds(in run: ReasoningRun) throws -> [Role: WindowNeed] {
    guard threshold < 1 else { return [:] }
    let beginning = try run.tokenCount(of: trialBeginning(in: run), for: role)
    return [role: WindowNeed(aside: beginning + min(trialTokens, run.budget.answerTokens))]
  }

  /// Thinks from trial to trial, then answers.
  public func reason(in run: inout ReasoningRun) async throws {
    var trials = 0
    while run.canThink {
      // 1. The model thinks up to a word that announces more.
      let looks = threshold < 1 && trials < maximumTrials
      let stop = looks ? Stop.endOfSegment.orAfter(words) : .endOfSegment
      let thinking = try await run.write(role, upTo: stop)
      guard looks, let (before, word) = try run.split(thinking, by: role, before: words) else {
        try run.accept(thinking)
        continue
      }
      try run.accept(before)

      // 2. In place of that word it tries an answer.
      trials += 1
      let trial = try await attempt(in: &run)
      let confidence = try confidence(in: trial)
      let hasEnded = trial.ending == .endOfThinking || trial.ending == .endOfTurn
      let isSure = confidence > threshold && (hasEnded || !needsEnd)
      run.select(Selection(method: .trial, scores: [confidence], chosen: isSure ? 0 : nil, order: [0]))
      run.reject(trial, because: .trial)

      // 3. If it is confident, the thinking ends here.
      guard isSure else {
        try run.accept(word)
        continue
      }
      run.reject(word, because: .confident)
      break
    }
    try await run.conclude(by: role)
  }

  /// The model's confidence in a trial; the lower bound if only bounds are known and both lie on one side of the
  /// threshold. Throws `inexact` if they do not.
  func confidence(in trial: Passage) throws(EngineError) -> Double {
    let readings = trial.readings.dropFirst(skippedTokens).map(\.logProbability)
    let bounds = readings.compactMap(\.bounds)
    let (least, most) = (
      confidence.value(of: bounds.map(\.lowerBound)), confidence.value(of: bounds.map(\.upperBound))
    )
    guard bounds.count == readings.count, least > threshold || most <= threshold else {
      throw .inexact(
        quantity: "confidence in a trial answer",
        known: bounds.count == readings.count ? .bounded(Float(least)...Float(most)) : .unknown,
        needed: "be on one side of \(threshold)")
    }
    return least
  }

  private func trialBeginning(in run: ReasoningRun) throws -> Passage {
    trialPlace == .thinking
      ? try run.inserted(trialText, in: .thinking) : try run.closing(for: role, beginning: trialText)
  }

  private func attempt(in run: inout ReasoningRun) async throws -> Passage {
    let beginning = try trialBeginning(in: run)
    let stop = Stop.endOfSegment(atMost: trialTokens).orAfter(trialEnds)
    let sampling = SamplingParameters(temperature: trialTemperature, topP: 1)
    return try await run.attempt(role, after: beginning, upTo: stop, sampling: sampling).first ?? .empty
  }
}

extension Selection.Method {
  /// The confidence in a trial answer decides whether the thinking ends.
  public static let trial: Self = "trial"
}

extension Reason {
  /// A trial answer; none is ever kept.
  public static let trial: Self = "trial"
  /// The beginning of more thinking, which a confident model does not need.
  public static let confident: Self = "confident"
}
