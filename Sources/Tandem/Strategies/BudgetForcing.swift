public import TandemInference

/// Budget forcing (s1, arXiv:2501.19393, Sec. 3.1): one model, with an upper and a lower bound on its thinking.
///
/// Upper: after `maximum` tokens the thinking is closed and the answer begun for the model. Lower: the first `waits`
/// ends of thinking are suppressed and replaced with "Wait". The paper decodes greedily (temperature 0). What closes
/// the thinking is the model's own delimiter: R1's `</think>` or s1's `<|im_start|>answer`.
public struct BudgetForcing: Strategy {
  /// "budget-forcing".
  public static let name = "budget-forcing"
  /// The strategy in one sentence.
  public static let about = StrategyDescription(
    summary: "One model, its thinking cut at a bound and prolonged with \"Wait\".",
    paper: "s1: Simple test-time scaling, arXiv:2501.19393", tested: "golden transcripts; on the nano pair")
  /// The declaration of each setting.
  public static let settings: [SettingSpec<Self>] = [
    .init("role", \.role, "which model"),
    .init(
      "maximum", \.maximum,
      "most tokens of thinking; 0 leaves it to the run's own budget (the released code's \"auto\")",
      .range(0...Budget.mostTokens)),
    .init(
      "waits", \.waits, "how many ends of thinking are suppressed", .range(0...Budget.mostTokens), paper: "NUM_IGNORE"),
    .init("waitText", \.waitText, "what replaces a suppressed end; the ablations have \"\", Hmm and Alternatively"),
    .init("accounting", \.accounting, "what `maximum` bounds (README: total; evaluation harness: round)"),
    .init("finalText", \.finalText, "what a forced answer begins with"),
  ]
  /// Any small model, unless `role` says otherwise.
  public static let requirements: [Role: EngineCapabilities] = [.small: []]

  /// The model that reasons.
  public var role = Role.small
  /// The most tokens of thinking; 0 leaves it to the run's budget.
  public var maximum = 0
  /// The number of ends of thinking that are suppressed.
  public var waits = 0
  /// The text that replaces a suppressed end of thinking.
  public var waitText = "Wait"
  /// What `maximum` counts.
  public var accounting = Accounting.total
  /// The text that a forced answer begins with.
  public var finalText = "Final Answer:"

  /// What `maximum` counts; the released code has both.
  public enum Accounting: String, Sendable, SettingChoice {
    /// All rounds together, as the README's example subtracts.
    case total
    /// Each round by itself, as in the evaluation harness.
    case round
  }

  /// The constants of the released code.
  public init() {}

  /// The constants of the released code.
  public static let paper = Self()

  /// Any model in the chosen role.
  public var needs: [Role: EngineCapabilities] { [role: []] }

  /// "Wait".
  public func windowNeeds(in run: ReasoningRun) throws -> [Role: WindowNeed] {
    if waits == 0 { return [:] }
    return [role: WindowNeed(inserted: try run.tokenCount(of: run.inserted(waitText, in: .thinking), for: role))]
  }

  /// Lets the model think in rounds, then closes the thinking.
  public func reason(in run: inout ReasoningRun) async throws {
    var spent = 0
    for round in 0...waits {
      guard run.canThink, maximum == 0 || spent < maximum else { break }

      // 1. The model thinks until it ends its thinking, or until the bound.
      let thinking = try await run.write(role, upTo: .endOfSegment(atMost: maximum == 0 ? nil : maximum - spent))
      if accounting == .total { spent += thinking.tokenCount }

      // 2. The last end counts, and so does a bound that was met.
      guard thinking.ending == .endOfThinking, round < waits else {
        try run.accept(thinking)
        break
      }

      // 3. The others don't: "Wait".
      try run.accept(thinking, resistingItsEndBecause: .wait)
      if !waitText.isEmpty { try run.insert(waitText) }
    }
    // 4. If the thinking is still open, it is closed and the answer begun.
    try await run.conclude(by: role, beginning: finalText)
  }
}

extension Reason {
  /// An end of thinking that was suppressed.
  public static let wait: Self = "wait"
}
