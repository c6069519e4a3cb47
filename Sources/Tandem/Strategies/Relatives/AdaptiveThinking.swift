public import TandemInference

/// The rule of AdaR1 (arXiv:2504.21659) for each question: think if thinking is right more often than not thinking, by more
/// than ε; else answer without it.
///
/// AdaR1 trains a model by this rule, on groups of right and wrong drafts. While a question is answered, nobody can tell which
/// draft is right. What stands for that is ours: the model answers several times without thinking (as `NoThinking` does), and
/// the share of the most frequent answer is taken as the accuracy of not thinking; that of thinking is a setting.
public struct AdaptiveThinking: Strategy {
  /// "adaptive-thinking".
  public static let name = "adaptive-thinking"
  /// The strategy in one sentence.
  public static let about = StrategyDescription(
    summary: "One model that answers several times without thinking; a model thinks where the answers differ.",
    paper: "AdaR1: From Long-CoT to Hybrid-CoT via Bi-Level Adaptive Reasoning Optimization, arXiv:2504.21659",
    tested: "decisions worked out by hand, and transcripts; no accuracy measured")
  /// The declaration of each setting.
  public static let settings: [SettingSpec<Self>] = [
    .init("role", \.role, "which model answers without thinking"),
    .init("thinker", \.thinker, "which model thinks and answers where that is worth it"),
    .init("samples", \.samples, "how many answers without thinking (ours)", .range(2...mostAtOnce)),
    .init("thinking", \.thinking, "what replaces the thinking"),
    .init("epsilon", \.epsilon, "ε: by how much thinking must be right more often (0.1 is ours)", .range(0...1)),
    .init("thinkingAccuracy", \.thinkingAccuracy, "how often thinking is right (ours)", .range(0...1)),
  ]
  /// A small model that can fork its sessions, unless `role` and `thinker` say otherwise.
  public static let requirements: [Role: EngineCapabilities] = [.small: [.fork]]

  /// The model that answers without thinking.
  public var role = Role.small
  /// The model that thinks, where that is worth it.
  public var thinker = Role.small
  /// The number of answers without thinking.
  public var samples = 4
  /// The text that replaces the thinking.
  public var thinking = NoThinking.paper.thinking
  /// ε: thinking must be right more often by more than this.
  public var epsilon = 0.1
  /// How often thinking is right: with 1, the most that it could gain decides.
  public var thinkingAccuracy = 1.0

  /// Four answers of the small model; all of the constants are ours.
  public init() {}

  /// Forks of the model that answers; whatever thinks, for the other.
  public var needs: [Role: EngineCapabilities] {
    [thinker: EngineCapabilities()].merging([role: .fork]) { $1 }
  }
  /// One session an answer, and that of the chain.
  public var sessions: [Role: Int] { [thinker: 1].merging([role: samples + 1]) { $1 } }

  /// One for each answer, unless the same model thinks, whose thinking is most of what is written.
  public var tries: [Role: Int] { [thinker: 1].merging([role: role == thinker ? 1 : samples]) { $1 } }

  /// What replaces the thinking.
  public func windowNeeds(in run: ReasoningRun) throws -> [Role: WindowNeed] {
    let none = WindowNeed(always: try run.tokenCount(of: run.inserted(thinking, in: .thinking), for: role))
    return [thinker: WindowNeed()].merging([role: none]) { $1 }
  }

  /// Answers without thinking, and thinks if the answers differ.
  public func reason(in run: inout ReasoningRun) async throws {
    // 1. Several answers without thinking.
    let none = try run.noThinking(thinking, for: role)
    let answers = try await run.attempt(role, count: samples, after: none, upTo: .endOfSegment)
    let keys = answers.map { Vote.key(of: $0.text) }
    let thinks = run.canThink && prefersThinking(agreement: Self.agreement(of: keys))
    let chosen = Vote.winner(among: keys) ?? 0
    run.select(Selection(voting: keys, chosen: thinks ? nil : chosen))

    // 2. They agree: the most frequent one is the answer.
    guard thinks else {
      for (index, answer) in answers.enumerated() where index != chosen { run.reject(answer, because: .outvoted) }
      try run.accept(none, triedBy: role)
      return try run.conclude(with: answers[chosen], by: role)
    }

    // 3. They do not: think.
    for answer in answers { run.reject(answer, because: .trial) }
    if thinker != role { run.handOver(to: thinker, because: .disagreement) }
    try await run.think(by: thinker)
    try await run.conclude(by: thinker)
  }

  /// AdaR1's rule, in which the agreement of answers stands for their accuracy.
  func prefersThinking(agreement: Double) -> Bool { thinkingAccuracy - agreement > epsilon }

  /// The share of the most frequent answer among all; 0 if there is none.
  static func agreement(of keys: [String?]) -> Double {
    Double(Vote.counts(of: keys).max() ?? 0) / Double(max(keys.count, 1))
  }
}

extension Reason {
  /// Answers without thinking differ.
  public static let disagreement: Self = "disagreement"
}
