public import TandemInference

/// Budget forcing (s1, arXiv:2501.19393, Sec. 3.1): one model, whose thinking is given an upper and a lower bound.
///
/// Upper: after `maximum` tokens the thinking is closed, and the answer begun for the model. Lower: the first `waits` ends
/// of thinking are suppressed, and "Wait" is put in their place. The paper decodes greedily (temperature 0). What closes
/// the thinking is the model's own delimiter: R1's `</think>` or s1's `<|im_start|>answer`.
public struct BudgetForcing: Strategy {
  public static let name = "budget-forcing"
  public static let about = StrategyDescription(
    summary: "One model, its thinking cut at a bound and prolonged with \"Wait\".",
    paper: "s1: Simple test-time scaling, arXiv:2501.19393",
    settings: [
      "role": "which model: small or large",
      "maximum": "most tokens of thinking; 0 leaves it to the run's own budget (the released code's \"auto\")",
      "waits": "how many ends of thinking are suppressed (NUM_IGNORE)",
      "waitText": "what takes their place; the ablations have \"\", Hmm and Alternatively",
      "accounting": "what `maximum` bounds: total (README) or round (the evaluation harness)",
      "finalText": "what a forced answer begins with",
    ], tested: "golden transcripts; on the nano pair")
  public static let requirements: [Role: EngineCapabilities] = [.small: []]

  public var role = Role.small
  public var maximum = 0
  public var waits = 0
  public var waitText = "Wait"
  public var accounting = Accounting.total
  public var finalText = "Final Answer:"

  /// What `maximum` counts; the released code has both.
  public enum Accounting: String, Sendable, Codable, CaseIterable {
    /// All rounds together, as the README's example subtracts.
    case total
    /// Each round anew, as the evaluation harness has it.
    case round
  }

  public init() {}

  public static let paper = Self()

  public var needs: [Role: EngineCapabilities] { [role: []] }

  public func validate() throws(ReasoningError) {
    for (name, value) in [("maximum", maximum), ("waits", waits)] where value < 0 {
      throw .invalidSetting(name: name, reason: "must be 0 or more, not \(value)")
    }
  }

  public func reason(in run: inout ReasoningRun) async throws {
    var spent = 0
    for round in 0...waits {
      guard run.canThink(), maximum == 0 || spent < maximum else { break }

      // 1. The model thinks until it wants to end, or until the bound.
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
    // 4. A thinking that is still open is closed, and the answer begun.
    try await run.conclude(by: role, beginning: finalText)
  }
}

extension Reason {
  /// An end of thinking that was suppressed.
  public static let wait = Self(rawValue: "wait")
}
