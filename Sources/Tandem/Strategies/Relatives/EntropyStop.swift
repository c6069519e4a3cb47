import TandemInference

/// Think or Not? (Yong et al., arXiv:2505.18237): after each paragraph the model is asked for its answer, and where
/// the answers it would give have little entropy, the thinking ends.
///
/// The rule is that of the released code (chicosirius/think-or-not, d086a35, adaptive_think.py): the entropy in bits
/// *divided by the number of candidates* must be below α / (e ln 2), so the bar moves with how many candidates there are.
/// α, the 200 characters of a paragraph, the prompts, and five candidates of ten tokens are the code's too. What we do
/// differently: the code replays logged chains and saves nothing; here the thinking does end. Its candidates are a beam
/// of five; ours are five trials that are drawn, those with one text counted once, with the probability that the model
/// gives it. The dollar that the question leaves open is closed.
public struct EntropyStop: Strategy {
  public var role = Role.small
  public var ratio = 0.3
  public var paragraphCharacters = 200
  public var options: [String] = []
  public var optionText = "Question: {question}\n\nThe correct option letter is:"
  public var candidates = 5
  public var candidateTokens = 10
  public var candidateText =
    "Question: {question}\n\nPlease box your final answer via $\\boxed{your answer}$. The correct answer is: \\boxed{"
  public var candidateEnds = ["}"]

  public init() {}

  /// The constants of the released code.
  public static let paper = Self()

  public func reason(in run: inout ReasoningRun) async throws {
    var characters = 0
    while run.canThink() {
      // 1. A paragraph; short ones count with the next.
      let thought = try await run.write(role, upTo: ratio > 0 ? .boundary() : .endOfSegment)
      try run.accept(thought)
      characters += thought.text.count
      guard characters >= paragraphCharacters, run.isAtBoundary, run.canThink() else { continue }
      characters = 0

      // 2. What would it answer?
      let answers = try await answers(in: &run)
      let isSure = isSure(of: answers)
      run.select(
        Selection(
          method: Selection.answers, scores: answers,
          chosen: isSure ? answers.indices.max { answers[$0] < answers[$1] } : nil, order: Array(answers.indices)))

      // 3. Where it is sure of that, it stops.
      if isSure { break }
    }
    try await run.conclude(by: role)
  }

  /// Whether the answers, by their probabilities, have an average entropy below α / (e ln 2) bits.
  func isSure(of answers: [Double]) -> Bool {
    guard !answers.isEmpty else { return false }
    return Entropy.bits(of: answers) / Double(answers.count) < ratio / (2.718_281_828_459_045 * Entropy.ln2)
  }

  /// The probabilities of the answers that the model would give now; none where it comes to no end of one.
  private func answers(in run: inout ReasoningRun) async throws -> [Double] {
    let question = run.problem.question
    if !options.isEmpty {
      let end = try run.closing(for: role, beginning: optionText.replacing("{question}", with: question))
      return try await run.odds(of: options, after: end, by: role).map(Double.init)
    }
    let end = try run.closing(for: role, beginning: candidateText.replacing("{question}", with: question))
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

  /// Probabilities that add up to 1, from ln p.
  static func normalised(_ logProbabilities: [Float]) -> [Double] {
    guard let most = logProbabilities.max(), most > -.infinity else { return [] }
    let weights = logProbabilities.map { Double(TokenReading.probability($0 - most)) }
    let sum = weights.reduce(0, +)
    return weights.map { $0 / sum }
  }
}

extension Selection {
  /// The method of a look at the answers that a model would give: their probabilities.
  public static let answers = "answers"
}
