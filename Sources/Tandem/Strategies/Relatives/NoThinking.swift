public import TandemInference

/// NoThinking (Ma et al., arXiv:2504.09858): the thinking is a sentence that says it is over, and the model answers; or
/// it answers n times at once, and the most frequent answer is taken.
///
/// The sentence is the paper's, between the delimiters of the model's format. No released code was read. The paper
/// takes the best of n answers by a verifier or by confidence (Best-of-N); here there is only the vote.
public struct NoThinking: Strategy {
  /// "no-thinking".
  public static let name = "no-thinking"
  /// The strategy in one sentence.
  public static let about = StrategyDescription(
    summary: "One model that answers without thinking, once or several times with a vote.",
    paper: "Reasoning Models Can Be Effective Without Thinking, arXiv:2504.09858",
    tested: "golden transcripts; on the nano pair")
  /// The declaration of each setting.
  public static let settings: [SettingSpec<Self>] = [
    .init("role", \.role, "which model"),
    .init("thinking", \.thinking, "what replaces the thinking"),
    .init("samples", \.samples, "how many answers vote", .range(1...mostAtOnce)),
  ]
  /// Any small model, unless `role` says otherwise.
  public static let requirements: [Role: EngineCapabilities] = [.small: []]

  /// The model that answers.
  public var role = Role.small
  /// The text that replaces the thinking.
  public var thinking = "Okay, I think I have finished thinking.\n"
  /// The number of answers that vote.
  public var samples = 1

  /// The paper's sentence and one answer.
  public init() {}

  /// The paper's sentence and one answer.
  public static let paper = Self()

  /// Forks, if there is more than one answer.
  public var needs: [Role: EngineCapabilities] { [role: samples > 1 ? .fork : []] }
  /// One session an answer, and that of the chain.
  public var sessions: [Role: Int] { [role: samples > 1 ? samples + 1 : 1] }

  /// One for each answer.
  public var tries: [Role: Int] { [role: samples] }

  /// What replaces the thinking.
  public func windowNeeds(in run: ReasoningRun) throws -> [Role: WindowNeed] {
    [role: WindowNeed(always: try run.tokenCount(of: run.inserted(thinking, in: .thinking), for: role))]
  }

  /// Skips the thinking, then answers.
  public func reason(in run: inout ReasoningRun) async throws {
    try run.releaseHeld()
    try run.accept(run.noThinking(thinking, for: role))
    guard samples > 1 else { return try await run.conclude(by: role) }
    let answers = try await run.attempt(role, count: samples, upTo: .endOfSegment)
    let keys = answers.map { Vote.key(of: $0.text) }
    let chosen = Vote.winner(among: keys)
    run.select(Selection(voting: keys, chosen: chosen))
    for (index, answer) in answers.enumerated() where index != chosen ?? 0 { run.reject(answer, because: .outvoted) }
    try run.conclude(with: answers[chosen ?? 0], by: role)
  }
}

extension ReasoningRun {
  /// `text` as the whole thinking, and the beginning of the answer in the model's format; not yet in the chain.
  func noThinking(_ text: String, for role: Role) throws -> Passage {
    let end = try inserted(text, ending: .endOfThinking, in: .thinking)
    if let opening = try reasoner(role).opening() { return end + Passage([opening]) }
    let transition = try reasoner(role).format.transition
    return transition.isEmpty ? end : end + (try inserted(transition, in: .answer))
  }
}
