import TandemInference

/// Dynamic early exit (DEER; Yang et al., arXiv:2504.15895): at each word that announces another turn of thought,
/// a trial answer is written; where the model is confident of it, the thinking ends before that word.
///
/// The stop words, the text before a trial, its length, its ends, how many there may be and the threshold are those of
/// the released code (iie-ycx/DEER, c9dd19f), and so is the confidence: a mean over the probabilities of the trial's
/// tokens from the second one on. What we do differently: trials are greedy, as the code's comment says (the code leaves
/// the temperature at 1); they share the cache of the thinking, are counted, and the words that were not needed are too.
public struct EarlyExit: Strategy {
  public var role = Role.small
  public var threshold = 0.95
  public var words = ["Wait"]
  public var trialPlace = Place.thinking
  public var trialText = "\n**Final Answer**\n\\boxed"
  public var trialTokens = 20
  public var trialEnds = [" }", "}\n", "}\n\n", "}.", "}.\n", "}\\", "}}", ")}", ")}.", ")}\n"]
  public var trialTemperature: Float = 0
  public var maximumTrials = 10
  public var confidence = Confidence.mean
  public var skippedTokens = 1
  public var needsEnd = false

  /// Where a trial answer is written.
  public enum Place: String, Sendable, Codable, CaseIterable {
    /// In the thinking, which goes on for the model: the released code.
    case thinking
    /// In the answer, after a forced end of thinking: for models whose answers have another form.
    case answer
  }

  /// How the probabilities of a trial's tokens become one number.
  public enum Confidence: String, Sendable, Codable, CaseIterable {
    /// The arithmetic mean ("avg1").
    case mean
    /// The geometric mean ("avg2").
    case geometric
    /// The least of them ("min").
    case least

    /// From 0 to 1, from ln p of each token; 0 where there is none.
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

  public init() {}

  /// The constants of the released code for R1's descendants, its trials greedy.
  public static let paper = Self()

  /// As the released code has it for Qwen3, which is too confident: a geometric mean ("avg2"), and a trial that ends the
  /// thinking itself.
  public static var qwen3: Self {
    var strategy = Self()
    (strategy.confidence, strategy.needsEnd, strategy.trialEnds) = (.geometric, true, [])
    return strategy
  }

  public func reason(in run: inout ReasoningRun) async throws {
    var trials = 0
    while run.canThink() {
      // 1. The model thinks up to a word that announces more.
      let looks = threshold < 1 && trials < maximumTrials
      let stop = looks ? Stop.endOfSegment.orAfter(words) : .endOfSegment
      let thinking = try await run.write(role, upTo: stop)
      guard looks, let (before, word) = try run.split(thinking, by: role, before: words) else {
        try run.accept(thinking)
        continue
      }
      try run.accept(before)

      // 2. Instead of that word it tries an answer.
      trials += 1
      let trial = try await attempt(in: &run)
      let confidence = try confidence(in: trial)
      let hasEnded = trial.ending == .endOfThinking || trial.ending == .endOfTurn
      let isSure = confidence > threshold && (hasEnded || !needsEnd)
      run.select(Selection(method: Selection.trial, scores: [confidence], chosen: isSure ? 0 : nil, order: [0]))
      run.reject(trial, because: .trial)

      // 3. Where it is confident, the thinking ends here.
      guard isSure else {
        try run.accept(word)
        continue
      }
      run.reject(word, because: .confident)
      break
    }
    try await run.conclude(by: role)
  }

  /// How confident the model is of a trial; its least confidence where only bounds are known, which then lie on one
  /// side of the threshold. Throws `inexact` where they don't.
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

  private func attempt(in run: inout ReasoningRun) async throws -> Passage {
    let beginning =
      trialPlace == .thinking
      ? try run.inserted(trialText, in: .thinking) : try run.closing(for: role, beginning: trialText)
    let stop = Stop.endOfSegment(atMost: trialTokens).orAfter(trialEnds)
    let sampling = SamplingParameters(temperature: trialTemperature, topP: 1)
    return try await run.attempt(role, after: beginning, upTo: stop, sampling: sampling).first ?? .empty
  }
}

extension Selection {
  /// The method of a choice that is whether a trial answer is good enough to stop.
  public static let trial = "trial"
}

extension Reason {
  /// A trial answer, which is never kept.
  public static let trial = Self(rawValue: "trial")
  /// More thinking, which a confident model does not need.
  public static let confident = Self(rawValue: "confident")
}
