public import TandemInference

/// Chain of Draft (Xu et al., arXiv:2502.18600): one model is told to keep each step to five words.
///
/// The instruction is that of the released code (sileix/chain-of-draft, 2487935), word for word. Its eight examples are
/// not part of this library. That small models lose much without any is from memory of the paper; examples are a
/// setting. Made for instruct models: one that was trained to think does so all the same.
public struct ChainOfDraft: Strategy {
  /// "chain-of-draft".
  public static let name = "chain-of-draft"
  /// The strategy in one sentence.
  public static let about = StrategyDescription(
    summary: "One model that is told to think in drafts of five words.",
    paper: "Chain of Draft: Thinking Faster by Writing Less, arXiv:2502.18600",
    tested: "golden prompt; not measured: it needs a model that reads English, and the nano pair does not")
  /// The declaration of each setting.
  public static let settings: [SettingSpec<Self>] = [
    .init("role", \.role, "which model"),
    .init("instruction", \.instruction, "what the system message says, before the problem's own"),
    .init("examples", \.examples, "questions and their answers in turn, as earlier turns of the conversation"),
  ]
  /// Any small model, unless `role` says otherwise.
  public static let requirements: [Role: EngineCapabilities] = [.small: []]

  /// The model that reasons.
  public var role = Role.small
  /// The system message, which stands before the problem's own instructions.
  public var instruction =
    "Think step by step, but only keep minimum draft for each thinking step, with 5 words at most.\n"
    + "Return the answer at the end of the response after a separator ####."
  /// Questions and their answers in turn, as earlier turns of the conversation.
  public var examples: [String] = []

  /// The released instruction, without examples.
  public init() {}

  /// The released instruction, without examples.
  public static let paper = Self()

  /// Any model in the chosen role.
  public var needs: [Role: EngineCapabilities] { [role: []] }

  /// Refuses a question without its answer.
  public func validateCombination() throws(ReasoningError) {
    guard examples.count.isMultiple(of: 2) else {
      throw .invalidSetting(
        name: "examples", reason: "must be questions and answers in turn, not \(examples.count) texts")
    }
  }

  /// Poses the problem with the instruction, then lets the model think and answer.
  public func reason(in run: inout ReasoningRun) async throws {
    var problem = run.problem
    problem.instructions = [instruction, problem.instructions].compactMap(\.self).joined(separator: "\n\n")
    problem.history = examples.enumerated().map {
      Message($0.offset.isMultiple(of: 2) ? .user : .assistant, $0.element)
    }
    problem.history += run.problem.history
    try run.pose(problem, to: role)
    try await run.think(by: role)
    try await run.conclude(by: role)
  }
}
