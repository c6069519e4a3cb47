public import TandemInference

/// Entropy switching: the small model hands over when it is uncertain of the next token, the large one when it is
/// certain.
///
/// One loop with the constants of two papers, which differ in what happens to the token at which the models switch, and
/// in how many tokens an entropy is averaged over:
/// - R-Stitch (arXiv:2507.17307; by entropy from its later versions on): the small model writes while its entropy, as a
///   share of ln |V|, is at most τ; the token above it is dropped and written by the large model, which hands back as
///   soon as its own is below τ.
/// - Entropy Adaptive Decoding (EAD, arXiv:2502.06833): the mean over a window of tokens, in nats, with a minimum
///   number of tokens between two switches; every token is kept.
///
/// No released code was read for either. The abstracts mention entropy, thresholds and EAD's rolling mean; the values
/// of τ, the window of 5, the 10 tokens between switches and what happens to the uncertain token are from memory, and
/// settings. τ must be chosen for each pair. Both papers switch during the whole turn; here the thinking is shared and
/// one model answers. A character that is several tokens is written by one model as a whole.
///
/// The engine measures each token's entropy and stops by itself, so that everything up to a switch is one request.
public struct EntropySwitching: Strategy {
  /// "entropy-switching".
  public static let name = "entropy-switching"
  /// The strategy in one sentence.
  public static let about = StrategyDescription(
    summary: "The large model writes the tokens that the small one is not certain of.",
    paper: "R-Stitch, arXiv:2507.17307; Entropy Adaptive Decoding, arXiv:2502.06833",
    tested: "transcripts worked out on paper; on the nano pair")
  /// The declaration of each setting.
  public static let settings: [SettingSpec<Self>] = [
    .init(
      "threshold", \.threshold, "entropy above which the large model writes; 0 is large-only, inf small-only",
      .from(0, orInfinity: true), paper: "τ"),
    .init("isNormalised", \.isNormalised, "whether τ is a share of ln |V| (R-Stitch) or in nats (EAD)"),
    .init(
      "window", \.window, "over how many tokens the entropy is averaged (EAD: 5, from memory)",
      .range(1...Budget.mostTokens)),
    .init(
      "minimumTokens", \.minimumTokens, "how many tokens a model writes before it hands over (EAD: 10, from memory)",
      .range(1...Budget.mostTokens)),
    .init(
      "redoes", \.redoes,
      "whether the large model writes the uncertain token again (R-Stitch), or continues after it (EAD)"),
    .init("answeredBy", \.answeredBy, "who writes the answer"),
  ]
  /// A pair that reports entropies, or bounds on them. If these do not tell on which side of τ one lies, the run ends
  /// with an error.
  public static let requirements: [Role: EngineCapabilities] = [.small: .alternatives, .large: .alternatives]

  /// τ: the entropy above which the large model writes; 0 is large-only, infinity small-only.
  public var threshold = 0.02
  /// Whether τ is a share of ln |V|, as in R-Stitch, or in nats, as in EAD.
  public var isNormalised = true
  /// The number of tokens over which the entropy is averaged.
  public var window = 1
  /// The number of tokens that a model writes before it hands over.
  public var minimumTokens = 1
  /// Whether the large model writes the uncertain token again, as in R-Stitch, or continues after it, as in EAD.
  public var redoes = true
  /// The model that writes the answer.
  public var answeredBy = Role.small

  /// R-Stitch.
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

  /// Entropies, unless τ leaves nothing to decide.
  public var needs: [Role: EngineCapabilities] {
    threshold > 0 && threshold < .infinity ? Self.requirements : [.small: [], .large: []]
  }

  /// Switches between the models, then lets one answer.
  public func reason(in run: inout ReasoningRun) async throws {
    // No entropy is below 0, so the small model would be certain of nothing.
    var writer: Role = threshold > 0 ? .small : .large
    while run.canThink {
      // 1. One model writes until its entropy is on the other side of τ.
      let written = try await run.write(writer, until: bound(for: writer), dropsLast: redoes && writer == .small)
      try run.accept(written.kept)
      run.reject(written.dropped, because: .uncertain)
      guard written.isCrossed, run.canThink else { continue }

      // 2. Then the other one does.
      run.handOver(to: writer.other, because: writer == .small ? .uncertain : .certain)
      writer = writer.other
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
  public static let uncertain: Self = "uncertain"
  /// The model is sure of its next token.
  public static let certain: Self = "certain"
}
