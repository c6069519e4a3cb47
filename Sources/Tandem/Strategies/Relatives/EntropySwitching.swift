public import TandemInference

/// Entropy switching: the model that holds the pen gives it away where it is uncertain, or certain, of the next token.
///
/// One loop with the constants of two papers, which differ in what becomes of the token at which the pen changes hands,
/// and in how long an entropy is looked at:
/// - R-Stitch (arXiv:2507.17307; by entropy from its later versions on): the small model writes while its entropy, as a
///   share of ln |V|, is at most τ; the token above it is dropped and written by the large model, which hands back as soon
///   as its own is below τ.
/// - Entropy Adaptive Decoding (EAD, arXiv:2502.06833): the mean over a window of tokens, in nats, with a least
///   number of tokens between two switches; every token is kept.
///
/// No released code was read for either. The abstracts have entropy, thresholds and EAD's rolling mean; the values of τ,
/// the window of 5, the 10 tokens between switches and what becomes of the uncertain token are from memory, and settings.
/// τ is a trade-off that has to be chosen for a pair. Both papers switch in the whole turn, here the thinking is shared,
/// and one model answers. Made for models of one vocabulary: between others text goes over, and a character of which one
/// model wrote the first bytes is lost.
///
/// The engine looks at each token's entropy and stops by itself, so that a stretch is one request, however long.
public struct EntropySwitching: Strategy {
  public static let name = "entropy-switching"
  public static let about = StrategyDescription(
    summary: "The large model writes the tokens that the small one is not certain of.",
    paper: "R-Stitch, arXiv:2507.17307; Entropy Adaptive Decoding, arXiv:2502.06833",
    settings: [
      "threshold": "τ: the entropy above which the large model has the pen; 0 is large-only, inf small-only",
      "isNormalised": "whether τ is a share of ln |V| (R-Stitch) or in nats (EAD)",
      "window": "over how many tokens the entropy is averaged (EAD: 5, from memory)",
      "minimumTokens": "how many tokens a model writes before it hands over (EAD: 10, from memory)",
      "redoes": "whether the large model writes the uncertain token again (R-Stitch), or goes on after it (EAD)",
      "answeredBy": "who writes the answer: small or large",
    ], tested: "transcripts worked out on paper; on the nano pair")
  public static let requirements: [Role: EngineCapabilities] = [.small: .logits, .large: .logits]

  public var threshold = 0.02
  public var isNormalised = true
  public var window = 1
  public var minimumTokens = 1
  public var redoes = true
  public var answeredBy = Role.small

  public init() {}

  /// R-Stitch; τ is one of the paper's {0.001, 0.02, 0.03}, from memory.
  public static let rStitch = Self()

  /// EAD: a window of 5, and 10 tokens between switches, from memory. The paper sweeps τ; half a nat is ours.
  public static var entropyAdaptive: Self {
    var strategy = Self()
    (strategy.threshold, strategy.isNormalised, strategy.redoes) = (0.5, false, false)
    (strategy.window, strategy.minimumTokens) = (5, 10)
    return strategy
  }

  public func validate() throws(ReasoningError) {
    guard threshold >= 0 else {
      throw .invalidSetting(name: "threshold", reason: "must be 0 or more, not \(threshold)")
    }
    for (name, value) in [("window", window), ("minimumTokens", minimumTokens)] where value < 1 {
      throw .invalidSetting(name: name, reason: "must be at least 1, not \(value)")
    }
  }

  public func reason(in run: inout ReasoningRun) async throws {
    // Below no entropy at all the small model is certain of nothing.
    var pen: Role = threshold > 0 ? .small : .large
    while run.canThink() {
      // 1. Whoever has the pen writes, until the entropy is on the other side of τ.
      let stretch = try await run.write(pen, until: bound(for: pen), redoesLast: redoes && pen == .small)
      try run.accept(stretch.kept)
      run.reject(stretch.redone, because: .uncertain)
      guard stretch.isCrossed, run.canThink() else { continue }

      // 2. Then the other one does.
      run.handOver(to: pen.other, because: pen == .small ? .uncertain : .certain)
      pen = pen.other
    }
    try await run.conclude(by: answeredBy)
  }

  private func bound(for role: Role) -> EntropyBound {
    EntropyBound(
      role == .small ? .above : .below, Float(threshold), isNormalised: isNormalised, window: window,
      minimumTokens: minimumTokens)
  }
}

extension Reason {
  /// The model is not sure of its next token.
  public static let uncertain = Self(rawValue: "uncertain")
  /// The model is sure of its next token.
  public static let certain = Self(rawValue: "certain")
}
