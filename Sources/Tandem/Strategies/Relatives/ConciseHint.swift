public import TandemInference

/// ConciseHint (Tang et al., arXiv:2506.18810): a hint to be brief is put into the thinking again and again,
/// less often the longer it is.
///
/// The hint and the intervals are those of the released code (tsa18/ConciseHint, a235e10): 128 + 0.2 times the tokens of
/// prompt and text so far, at most 1024. What we do differently: the hint comes after the next blank line, which is waited
/// for during at most `searchTokens` (ours), and what follows is written after it. The code goes back into what is written
/// already, to a place that moves from the beginning of the last interval to 0.8 of it, and lets the rest stay, written
/// without the hint and evaluated again. Its hint spells control tokens; here that is text, as everything that no template
/// wrote. The variants with a prompt that asks for brevity (AdaP) and with trained hints (ConciseHint-T) are left out.
public struct ConciseHint: Strategy {
  public static let name = "concise-hint"
  public static let about = StrategyDescription(
    summary: "One model that is told to be concise while it thinks.",
    paper: "ConciseHint: Boosting Efficient Reasoning via Continuous Concise Hints, arXiv:2506.18810",
    settings: [
      "role": "which model: small or large", "hint": "what is put into the thinking",
      "interval": "tokens before the first hint, and least between two",
      "growth": "how many tokens each token so far adds to the interval", "maximumInterval": "most tokens between two",
      "searchTokens": "most tokens that are waited for a blank line",
    ],
    tested: "golden transcripts and intervals; not measured: the hint needs a model that reads English, and breaks the "
      + "nano pair's thinking (0 of 20 problems)")
  public static let requirements: [Role: EngineCapabilities] = [.small: []]

  public var role = Role.small
  public var hint = "-<|im_start|>user\nmake answer concise!<|im_end|>-"
  public var interval = 128
  public var growth = 0.2
  public var maximumInterval = 1024
  public var searchTokens = 128

  public init() {}

  public static let paper = Self()

  public var needs: [Role: EngineCapabilities] { [role: []] }

  public func validate() throws(ReasoningError) {
    let counts = [("interval", interval), ("maximumInterval", maximumInterval), ("searchTokens", searchTokens)]
    for (name, value) in counts where value < 1 {
      throw .invalidSetting(name: name, reason: "must be at least 1, not \(value)")
    }
    guard growth >= 0, growth.isFinite else {
      throw .invalidSetting(name: "growth", reason: "must be 0 or more, not \(growth)")
    }
  }

  public func reason(in run: inout ReasoningRun) async throws {
    var next = interval
    while run.canThink() {
      // 1. The model thinks for a while, and to the next blank line.
      try run.accept(try await run.write(role, upTo: .endOfSegment(atMost: next)))
      guard run.canThink() else { break }
      if !run.chain.thinking.hasSuffix("\n\n") {
        try run.accept(try await run.write(role, upTo: .boundary(atMost: searchTokens)))
      }
      guard run.canThink() else { break }

      // 2. A hint, and a longer while.
      if !hint.isEmpty { try run.insert(hint) }
      next = length(after: run.usage[role].prompt + run.chain.tokenCount(of: .thinking))
    }
    try await run.conclude(by: role)
  }

  /// How many tokens are written before the next hint, after `count` tokens of prompt and thinking.
  func length(after count: Int) -> Int { min(maximumInterval, interval + Int(growth * Double(count))) }
}
