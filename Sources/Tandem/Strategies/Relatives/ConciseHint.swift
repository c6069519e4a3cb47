public import TandemInference

/// ConciseHint (Tang et al., arXiv:2506.18810): a hint to be brief is inserted into the thinking again and again, less
/// often the longer it gets.
///
/// The hint and the intervals are those of the released code (tsa18/ConciseHint, a235e10): 128 + 0.2 times the tokens
/// of prompt and text so far, at most 1024. What we do differently: the hint follows the next blank line, or
/// `searchTokens` (ours) if none comes sooner, and the thinking continues after it. The code goes back into the text so
/// far, to a place that moves from the beginning of the last interval to 0.8 of it; the rest stays, written without the
/// hint and evaluated again. Its hint spells control tokens; here that is text, as everything that no template wrote.
/// The variants with a prompt that asks for brevity (AdaP) and with trained hints (ConciseHint-T) are left out.
public struct ConciseHint: Strategy {
  /// "concise-hint".
  public static let name = "concise-hint"
  /// The strategy in one sentence.
  public static let about = StrategyDescription(
    summary: "One model that is told to be concise while it thinks.",
    paper: "ConciseHint: Boosting Efficient Reasoning via Continuous Concise Hints, arXiv:2506.18810",
    tested: "golden transcripts and intervals; not measured: the hint needs a model that reads English, and breaks the "
      + "nano pair's thinking (0 of 20 problems)")
  /// The declaration of each setting.
  public static let settings: [SettingSpec<Self>] = [
    .init("role", \.role, "which model"),
    .init("hint", \.hint, "what is inserted into the thinking"),
    .init(
      "interval", \.interval, "tokens before the first hint, and fewest between two hints",
      .range(1...Budget.mostTokens)),
    .init("growth", \.growth, "tokens that each token so far adds to the interval", .range(0...1000)),
    .init("maximumInterval", \.maximumInterval, "most tokens between two hints", .range(1...Budget.mostTokens)),
    .init("searchTokens", \.searchTokens, "most tokens to wait for a blank line", .range(1...Budget.mostTokens)),
  ]
  /// Any small model, unless `role` says otherwise.
  public static let requirements: [Role: EngineCapabilities] = [.small: []]

  /// The model that reasons.
  public var role = Role.small
  /// The text that is inserted into the thinking.
  public var hint = "-<|im_start|>user\nmake answer concise!<|im_end|>-"
  /// The tokens before the first hint, and the fewest between two hints.
  public var interval = 128
  /// How many tokens each token so far adds to the interval.
  public var growth = 0.2
  /// The most tokens between two hints.
  public var maximumInterval = 1024
  /// The most tokens to wait for a blank line; ours.
  public var searchTokens = 128

  /// The constants of the released code.
  public init() {}

  /// The constants of the released code.
  public static let paper = Self()

  /// Any model in the chosen role.
  public var needs: [Role: EngineCapabilities] { [role: []] }

  /// The hint.
  public func windowNeeds(in run: ReasoningRun) throws -> [Role: WindowNeed] {
    [role: WindowNeed(inserted: try run.tokenCount(of: run.inserted(hint, in: .thinking), for: role))]
  }

  /// Lets the model think between hints, then answer.
  public func reason(in run: inout ReasoningRun) async throws {
    var next = interval
    while run.canThink {
      // 1. The model thinks for a while, and to the next blank line.
      try run.accept(try await run.write(role, upTo: .endOfSegment(atMost: next)))
      guard run.canThink else { break }
      if !run.chain.endsWithBlankLine() {
        try run.accept(try await run.write(role, upTo: .boundary(atMost: searchTokens)))
      }
      guard run.canThink else { break }

      // 2. A hint, and a longer while.
      if !hint.isEmpty { try run.insert(hint) }
      let prompt = run.usage[role].prompt + run.usage[role].cached
      next = length(after: prompt + run.chain.tokenCount(of: .thinking))
    }
    try await run.conclude(by: role)
  }

  /// The number of tokens before the next hint, after `count` tokens of prompt and thinking.
  func length(after count: Int) -> Int { min(maximumInterval, interval + Int(growth * Double(count))) }
}
