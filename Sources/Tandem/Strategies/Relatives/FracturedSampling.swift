public import TandemInference

/// Fractured sampling (Liao et al., arXiv:2505.12992): one chain of thought is cut at H places, the thinking is ended
/// at each, m answers are written after each cut, and the most frequent answer of all is taken.
///
/// The cuts are those of the released code (BaohaoLiao/frac-cot, baf8b30): after every H-th part of the chain's tokens,
/// and at its end. Its n chains are n runs, or `length-filtered-vote`. The paper's own choice among answers needs a
/// reward model; the majority is its baseline. What we do differently: the chain is evaluated once for all its cuts,
/// the code's 2048 tokens of an answer are the budget's, and the run keeps only the thinking that led to the chosen
/// answer.
public struct FracturedSampling: Strategy {
  /// "fractured-sampling".
  public static let name = "fractured-sampling"
  /// The strategy in one sentence.
  public static let about = StrategyDescription(
    summary: "One chain of thought, answered from several places in it; the most frequent answer wins.",
    paper: "Fractured Chain-of-Thought Reasoning, arXiv:2505.12992",
    tested: "golden transcripts and votes; on the nano pair"
  )
  /// The declaration of each setting.
  public static let settings: [SettingSpec<Self>] = [
    .init("role", \.role, "which model"),
    .init(
      "branches", \.branches, "at how many places the chain is cut, its end included", .range(1...4096), paper: "H"),
    .init("answers", \.answers, "how many answers follow each cut", .range(1...mostAtOnce), paper: "m"),
    .init(
      "answerTemperature", \.answerTemperature, "temperature of the answers; -1 is the model's own",
      .range(0...1000, or: -1)),
  ]
  /// A small model that can fork its sessions, unless `role` says otherwise.
  public static let requirements: [Role: EngineCapabilities] = [.small: [.fork]]

  /// The model that reasons.
  public var role = Role.small
  /// H: the number of places at which the chain is cut, its end included.
  public var branches = 16
  /// m: the number of answers after each cut.
  public var answers = 4
  /// The temperature of the answers; −1 is the model's own.
  public var answerTemperature: Float = -1

  /// H and m of the released code, with one chain instead of 16.
  public init() {}

  /// H and m of the released code, with one chain instead of 16.
  public static let paper = Self()

  private var isBaseline: Bool { branches == 1 && answers == 1 }
  /// Forks, if there is more than one answer.
  public var needs: [Role: EngineCapabilities] { [role: isBaseline ? [] : .fork] }
  /// The session of the chain, and one for each answer after a cut.
  public var sessions: [Role: Int] { [role: isBaseline ? 1 : answers + 1] }

  /// One for each answer; the thinking that they share is counted as if each had its part.
  public var tries: [Role: Int] { [role: isBaseline ? 1 : max(answers, 1)] }

  /// Thinks once, answers from each cut, and votes.
  public func reason(in run: inout ReasoningRun) async throws {
    // 1. One chain of thought, of which only the part before the chosen cut stays.
    guard run.canThink else { return try await run.conclude(by: role) }
    let isCut = !isBaseline && run.budget.whenSpent == .answer
    let whole = try await run.write(role, upTo: .endOfSegment, isTentative: isCut)
    guard isCut, whole.ending == .endOfThinking || whole.ending == .limit else {
      try run.accept(whole)
      return try await run.conclude(by: role)
    }

    // 2. Cuts in it, and answers after each.
    var tried: [(cut: Int, answer: Passage)] = []
    for cut in Self.cuts(whole.tokenCount, into: branches) {
      let (head, _) = try run.split(whole, by: role, at: cut)
      let end = try head.ending == .endOfThinking ? run.opening(by: role) : run.closing(after: head, for: role)
      let answers = try await run.attempt(
        role, count: answers, after: head + end, upTo: .endOfSegment, sampling: sampling)
      tried += answers.map { (cut, $0) }
    }

    // 3. A vote; among equal answers, the one after the longest thinking.
    let keys = tried.map { Vote.key(of: $0.answer.text) }
    let first = Vote.winner(among: keys)
    let winner = first.flatMap { first in keys.lastIndex { $0 == keys[first] } }
    run.select(Selection(voting: keys, chosen: winner))
    for (index, attempt) in tried.enumerated() where index != winner { run.reject(attempt.answer, because: .outvoted) }

    // 4. The chain up to its cut, and the answer.
    guard let winner else {
      try run.accept(whole)
      return try await run.conclude(by: role)
    }
    let (head, rest) = try run.split(whole, by: role, at: tried[winner].cut)
    try run.accept(head)
    run.reject(rest, because: .outvoted)
    try run.conclude(with: tried[winner].answer, by: role)
  }

  private var sampling: SamplingParameters? {
    answerTemperature < 0 ? nil : SamplingParameters(temperature: answerTemperature, topP: 1)
  }

  /// The cuts, as numbers of tokens, that divide `count` tokens into equal parts; the last one is the end.
  static func cuts(_ count: Int, into parts: Int) -> [Int] {
    Set((1...parts).map { $0 * count / parts }.filter { $0 > 0 }).sorted()
  }
}

extension Selection.Method {
  /// The most frequent answer is chosen.
  public static let vote: Self = "vote"
}

extension Selection {
  /// A vote: each answer's score is the number of answers like it.
  init(voting keys: [String?], chosen: Int?) {
    self.init(
      method: .vote, scores: Vote.counts(of: keys).map(Double.init), chosen: chosen, order: Array(keys.indices))
  }
}

extension Reason {
  /// An answer that another one outnumbers, or thinking that the chosen answer did not need.
  public static let outvoted: Self = "outvoted"
}
