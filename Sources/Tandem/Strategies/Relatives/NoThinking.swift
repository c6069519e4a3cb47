public import TandemInference

/// NoThinking (Ma et al., arXiv:2504.09858): the thinking is a sentence that says it is over, and the model
/// answers; or n times at once, and the most frequent answer is taken.
///
/// The sentence is the paper's, between the marks of thinking that the model's format has. No released code was read. The
/// paper takes the best of n answers by a verifier or by confidence (Best-of-N); here there is the vote alone.
public struct NoThinking: Strategy {
  public static let name = "no-thinking"
  public static let about = StrategyDescription(
    summary: "One model that answers without thinking, once or several times with a vote.",
    paper: "Reasoning Models Can Be Effective Without Thinking, arXiv:2504.09858",
    settings: [
      "role": "which model: small or large", "thinking": "what stands in the place of the thinking",
      "samples": "how many answers vote",
    ], tested: "golden transcripts; on the nano pair")
  public static let requirements: [Role: EngineCapabilities] = [.small: []]

  public var role = Role.small
  public var thinking = "Okay, I think I have finished thinking.\n"
  public var samples = 1

  public init() {}

  public static let paper = Self()

  public var needs: [Role: EngineCapabilities] { [role: samples > 1 ? .fork : []] }
  public var sessions: [Role: Int] { [role: samples > 1 ? samples + 1 : 1] }

  public func validate() throws(ReasoningError) {
    guard (1...Self.mostAtOnce).contains(samples) else {
      throw .invalidSetting(name: "samples", reason: "must be from 1 to \(Self.mostAtOnce), not \(samples)")
    }
  }

  public func reason(in run: inout ReasoningRun) async throws {
    try run.skipThinking(thinking, for: role)
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
  /// Ends the thinking with `text` as all of it, and begins the answer as the model's format has it.
  fileprivate mutating func skipThinking(_ text: String, for role: Role) throws {
    try insert(text, ending: .endOfThinking)
    let transition = try reasoner(role).format.transition
    if !transition.isEmpty { try insert(transition) }
  }
}
