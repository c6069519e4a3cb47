public import TandemInference

/// Think or Not? (Yong et al., arXiv:2505.18237): after each paragraph the model is asked for its answer, and if the
/// answers it would give have little entropy, the thinking ends.
///
/// The rule is that of the released code (chicosirius/think-or-not, d086a35, adaptive_think.py): the entropy in bits
/// *divided by the number of candidates* must be below α / (e ln 2), so the bar depends on how many candidates there
/// are. α, the 200 characters of a paragraph, the prompts, and five candidates of ten tokens are the code's too. What
/// we do differently: the code replays logged chains and saves nothing; here the thinking does end. Its candidates are
/// a beam of five; ours are five sampled trials, those of the same text counted once with the probability that the
/// model gives it. The dollar sign that the question leaves open is closed.
public struct EntropyStop: Strategy {
  /// "entropy-stop".
  public static let name = "entropy-stop"
  /// The strategy in one sentence.
  public static let about = StrategyDescription(
    summary: "One model that stops thinking once the answers it would give agree.",
    paper: "Think or Not? Exploring Thinking Efficiency in Large Reasoning Models, arXiv:2505.18237",
    tested: "golden entropies and transcripts; on the nano pair")
  /// The declaration of each setting.
  public static let settings: [SettingSpec<Self>] = [
    .init("role", \.role, "which model"),
    .init(
      "ratio", \.ratio, "the thinking ends below α / (e ln 2) bits for each candidate; 0 is never", .from(0), paper: "α"
    ),
    .init(
      "paragraphCharacters", \.paragraphCharacters, "fewest characters between two looks at the answers",
      .range(0...Budget.mostTokens)),
    .init(
      "options", \.options, "answers of a multiple choice, one token each (\" A\", \" B\"); empty if answers are free"),
    .init("optionText", \.optionText, "what stands before an option; {question} is the problem"),
    .init("candidates", \.candidates, "how many free answers are drawn", .range(1...mostAtOnce)),
    .init("candidateTokens", \.candidateTokens, "most tokens of a free answer", .range(1...Budget.mostTokens)),
    .init("candidateText", \.candidateText, "what stands before a free answer; {question} is the problem"),
    .init("candidateEnds", \.candidateEnds, "texts that complete a free answer; so does the end of the turn"),
  ]
  /// A small model that can fork its sessions, unless `role` says otherwise.
  public static let requirements: [Role: EngineCapabilities] = [.small: .fork]

  /// The model that reasons.
  public var role = Role.small
  /// α: the thinking ends below α / (e ln 2) bits for each candidate; 0 is never.
  public var ratio = 0.3
  /// The fewest characters between two looks at the answers.
  public var paragraphCharacters = 200
  /// The answers of a multiple choice, one token each; empty if answers are free.
  public var options: [String] = []
  /// The text before an option; `{question}` is the problem.
  public var optionText = "Question: {question}\n\nThe correct option letter is:"
  /// The number of free answers that are drawn.
  public var candidates = 5
  /// The most tokens of a free answer.
  public var candidateTokens = 10
  /// The text before a free answer; `{question}` is the problem.
  public var candidateText =
    "Question: {question}\n\nPlease box your final answer via $\\boxed{your answer}$. The correct answer is: \\boxed{"
  /// The texts that complete a free answer; so does the end of the turn.
  public var candidateEnds = ["}"]

  /// The constants of the released code.
  public init() {}

  /// The constants of the released code.
  public static let paper = Self()

  /// Forks, and scores if there are options; nothing if there are no looks at the answers.
  public var needs: [Role: EngineCapabilities] {
    [role: ratio > 0 ? (options.isEmpty ? .fork : [.score, .fork]) : []]
  }
  /// The session of the chain and one for each answer that is drawn at once.
  public var sessions: [Role: Int] { [role: ratio > 0 ? (options.isEmpty ? candidates : 1) + 1 : 1] }

  /// Refuses a multiple choice of one answer.
  public func validateCombination() throws(ReasoningError) {
    guard options.count != 1 else {
      throw .invalidSetting(name: "options", reason: "must be none, or at least two")
    }
  }

  /// A question with its answer; one that is longer than an answer may be is cut instead.
  public func windowNeeds(in run: ReasoningRun) throws -> [Role: WindowNeed] {
    guard ratio > 0 else { return [:] }
    let answer = options.isEmpty ? min(candidateTokens, run.budget.answerTokens) : 1
    return [role: WindowNeed(aside: try run.tokenCount(of: request(in: run), for: role) + answer)]
  }

  /// Thinks from look to look, then answers.
  public func reason(in run: inout ReasoningRun) async throws {
    var characters = 0
    while run.canThink {
      // 1. A paragraph; short ones count with the next.
      let thought = try await run.write(role, upTo: ratio > 0 ? .boundary() : .endOfSegment)
      try run.accept(thought)
      characters += thought.text.count
      guard characters >= paragraphCharacters, run.isAtBoundary, run.canThink else { continue }
      characters = 0

      // 2. What would it answer?
      let answers = try await answers(in: &run)
      let isSure = isSure(of: answers)
      run.select(
        Selection(
          method: .answers, scores: answers,
          chosen: isSure ? answers.indices.max { answers[$0] < answers[$1] } : nil, order: Array(answers.indices)))

      // 3. If it is sure of that, it stops.
      if isSure { break }
    }
    try await run.conclude(by: role)
  }

  /// Whether the answers, by their probabilities, have an average entropy below α / (e ln 2) bits.
  func isSure(of answers: [Double]) -> Bool {
    guard !answers.isEmpty else { return false }
    return Entropy.bits(of: answers) / Double(answers.count) < ratio / (2.718_281_828_459_045 * Entropy.ln2)
  }

  /// The probabilities of the answers that the model would give now; none if it completes no answer.
  private func answers(in run: inout ReasoningRun) async throws -> [Double] {
    let end = try request(in: run)
    if !options.isEmpty {
      return try await run.odds(of: options, after: end, by: role).map(Double.init)
    }
    let stop = Stop.endOfSegment(atMost: candidateTokens).orAfter(candidateEnds)
    let drawn = try await run.attempt(
      role, count: candidates, after: end, upTo: stop, sampling: SamplingParameters(temperature: 1, topP: 1))
    for answer in drawn { run.reject(answer, because: .trial) }
    let complete = drawn.filter { answer in
      answer.ending != .limit || candidateEnds.contains { answer.text.contains($0) }
    }
    let likelihoods = Dictionary(
      try complete.map { answer in
        (
          answer.text,
          try answer.readings.reduce(0) { try $0 + $1.logProbability.exactly("log-probability of a token") }
        )
      }, uniquingKeysWith: { first, _ in first })
    return Self.normalised(likelihoods.sorted { $0.key < $1.key }.map(\.value))
  }

  /// The end of the thinking, and the question after it.
  private func request(in run: ReasoningRun) throws -> Passage {
    let text = options.isEmpty ? candidateText : optionText
    return try run.closing(for: role, beginning: text.replacing("{question}", with: run.problem.question))
  }

  /// Probabilities that add up to 1, from ln p.
  static func normalised(_ logProbabilities: [Float]) -> [Double] {
    guard let most = logProbabilities.max(), most > -.infinity else { return [] }
    let weights = logProbabilities.map { Double(TokenReading.probability($0 - most)) }
    let sum = weights.reduce(0, +)
    return weights.map { $0 / sum }
  }
}

extension Selection.Method {
  /// The probabilities of the answers that a model would give decide whether the thinking ends.
  public static let answers: Self = "answers"
}
