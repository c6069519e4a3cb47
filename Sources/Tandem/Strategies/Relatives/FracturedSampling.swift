public import TandemInference

/// Fractured sampling (Liao et al., arXiv:2505.12992): one chain of thought is cut at H places, the thinking is
/// ended at each, m answers are written after each cut, and the most frequent answer of all is taken.
///
/// The cuts are those of the released code (BaohaoLiao/frac-cot, baf8b30): after every H-th part of the chain's tokens,
/// and at its end. Its n chains are n runs, or `length-filtered-vote`. The paper's own choice among answers needs a reward
/// model; the majority is its baseline. What we do differently: the chain is evaluated once for all its cuts, the code's
/// 2048 tokens of an answer are the budget's, and what becomes of the run is the thinking that led to the answer that was
/// taken.
public struct FracturedSampling: Strategy {
  public static let name = "fractured-sampling"
  public static let about = StrategyDescription(
    summary: "One chain of thought, answered from several places in it; the most frequent answer wins.",
    paper: "Fractured Chain-of-Thought Reasoning, arXiv:2505.12992",
    settings: [
      "role": "which model: small or large", "branches": "H: at how many places the chain is cut, its end included",
      "answers": "m: how many answers there are after each cut",
      "answerTemperature": "temperature of the answers; -1 is the model's own",
    ], tested: "golden transcripts and votes; on the nano pair")
  public static let requirements: [Role: EngineCapabilities] = [.small: [.fork]]

  public var role = Role.small
  public var branches = 16
  public var answers = 4
  public var answerTemperature: Float = -1

  public init() {}

  /// H and m of the released code, with one chain instead of 16.
  public static let paper = Self()

  private var isBaseline: Bool { branches == 1 && answers == 1 }
  public var needs: [Role: EngineCapabilities] { [role: isBaseline ? [] : .fork] }
  public var sessions: [Role: Int] { [role: isBaseline ? 1 : answers + 1] }

  public func validate() throws(ReasoningError) {
    let counts = [("branches", branches, 4096), ("answers", answers, Self.mostAtOnce)]
    for (name, value, most) in counts where !(1...most).contains(value) {
      throw .invalidSetting(name: name, reason: "must be from 1 to \(most), not \(value)")
    }
    guard answerTemperature >= 0 || answerTemperature == -1, answerTemperature.isFinite else {
      throw .invalidSetting(name: "answerTemperature", reason: "must be 0 or more, or -1, not \(answerTemperature)")
    }
  }

  public func reason(in run: inout ReasoningRun) async throws {
    // 1. One chain of thought.
    let whole = try await run.write(role, upTo: .endOfSegment)
    guard !isBaseline, whole.ending == .endOfThinking || whole.ending == .limit, run.budget.whenSpent == .answer else {
      try run.accept(whole)
      return try await run.conclude(by: role)
    }

    // 2. Cuts in it, and answers after each.
    var tried: [(cut: Int, answer: Passage)] = []
    for cut in Self.cuts(whole.tokenCount, into: branches) {
      let (head, _) = try run.split(whole, by: role, at: cut)
      let end = head.ending == .endOfThinking ? .empty : try run.closing(after: head, for: role)
      let answers = try await run.attempt(
        role, count: answers, after: head + end, upTo: .endOfSegment, sampling: sampling)
      tried += answers.map { (cut, $0) }
    }

    // 3. A vote; of those that say the same, the one that has thought longest.
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

  /// After how many of `count` tokens there are cuts: each part as long as the others, all of it the last.
  static func cuts(_ count: Int, into parts: Int) -> [Int] {
    Set((1...parts).map { $0 * count / parts }.filter { $0 > 0 }).sorted()
  }
}

extension Selection {
  /// A vote: each answer's score is how many are like it.
  init(voting keys: [String?], chosen: Int?) {
    self.init(
      method: "vote", scores: Vote.counts(of: keys).map(Double.init), chosen: chosen, order: Array(keys.indices))
  }
}

extension Reason {
  /// An answer that fewer gave than another, or thinking that the answer did without.
  public static let outvoted = Self(rawValue: "outvoted")
}
