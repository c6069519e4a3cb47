/// Speculative Thinking (Yang, Yue, Chaudhary and Han, arXiv:2504.12329): the small model thinks, and the large one
/// takes over after blank lines where the small one is about to affirm or to reflect, where something is to be
/// verified, and where there has been too much reflection.
///
/// The paper calls the small model speculative and the large one target. The defaults are the constants of the released
/// code. What we do differently, by design:
/// - both models see their own prompt, with its generation marker, as every baseline does (the released code leaves the
///   marker out for the method only);
/// - each model ends its own turn, so an instruct model's end of turn is recognised;
/// - probes and catch-up are counted.
public struct SpeculativeThinking: Strategy {
  /// The cues of App. A.2; "Let me double-check" is found by "check".
  public var affirmationWords = CueWords.paper.affirmation
  public var reflectionWords = CueWords.paper.reflection
  public var verificationWords = CueWords.paper.verification
  public var matching = CueWords.paper.matching
  /// How much the small model shows of its next sentence.
  public var probeTokens = 20
  /// n1: what the large model writes after a cue.
  public var takeoverTokens = 20
  public var takeoverUnit = Unit.tokens
  /// n2: what it writes to verify.
  public var verificationTokens = 125
  /// n3: what it writes after too many reflections. The released code lets it grow; the paper does not mention that.
  public var excessTokens = 125
  public var excessIncrement = 25
  public var excessMaximum = 200
  /// How many reflections are too many, and how that grows; not in the paper.
  public var excessThreshold = 15
  public var thresholdIncrement = 5
  public var thresholdMaximum = 30
  public var excessText = "Let me check whether there are some wrong steps:"
  /// For a small model that does not reason (Sec. 4.2): take over after every blank line.
  public var nonReasoning = false
  /// … and let the large model write this many tokens first; the paper has 100 then.
  public var openingTokens = 0
  /// The most tokens of the small model between two blank lines; hard-coded in the released code.
  public var segmentTokens = 1024
  /// Whether the large model's text always replaces the probe, or only where the two disagree.
  public var prefersLarge = true
  public var statements = Statements.discard
  public var scope = Scope.everything
  public var answeredBy = Role.small
  /// Seconds after which the run is concluded; −1 is never.
  public var timeOut = -1.0

  /// What `takeoverTokens` counts up to.
  public enum Unit: String, Sendable, Codable, CaseIterable {
    /// Exactly that many tokens, often in the middle of a sentence: the released code.
    case tokens
    /// A thought of at most that many tokens: the paper's "one full sentence".
    case thought
  }

  /// What becomes of a probe without a cue.
  public enum Statements: String, Sendable, Codable, CaseIterable {
    /// It is sampled again from the same place: the released code. With the same model in both roles the run is then
    /// distributed as that model alone.
    case discard
    /// It stays: the paper's natural reading. Saves the probe's tokens, and shifts the distribution towards thoughts
    /// without cues, since only those are kept from the first draw.
    case keep
  }

  /// Where the large model may take over.
  public enum Scope: String, Sendable, Codable, CaseIterable {
    /// In the thinking and in the answer: the released code.
    case everything
    case thinking
  }

  public init() {}

  /// The constants of the released code.
  public static let paper = Self()

  private var words: CueWords {
    CueWords(
      affirmation: affirmationWords, reflection: reflectionWords, verification: verificationWords, matching: matching)
  }

  public func reason(in run: inout ReasoningRun) async throws {
    let words = words
    var reflections = 0
    var isProbed = false  // whether the small model may go on from this blank line
    var (threshold, excess) = (excessThreshold, excessTokens)

    // 0. A small model that does not reason gets an opening by the large one.
    if openingTokens > 0 { try await takeOver(openingTokens, in: &run, because: .opening) }

    while mayGoOn(&run) {
      // 1. The small model writes up to a blank line, unless the last thought ended with one.
      if isProbed || !run.isAtBoundary {
        try run.accept(try await run.write(.small, upTo: .boundary(atMost: segmentTokens)))
        isProbed = false
        guard run.isAtBoundary, mayGoOn(&run) else { continue }
      }

      // 2. Rule 3: after too many reflections, the large model looks for mistakes.
      if reflections >= threshold {
        if !excessText.isEmpty { try run.insert(excessText) }
        try await takeOver(excess, in: &run, because: .excess)
        reflections = 0
        excess = min(excess + excessIncrement, excessMaximum)
        threshold = min(threshold + thresholdIncrement, thresholdMaximum)
        continue
      }

      // 3. A probe shows what the small model is about to say.
      let probe = try await run.write(.small, upTo: stop(after: probeTokens), isTentative: true)
      let cue = words.cue(of: probe.text)
      guard nonReasoning || cue != .statement else {
        isProbed = statements == .discard
        if isProbed { run.reject(probe, because: .init(cue)) } else { try run.accept(probe) }
        continue
      }

      // 4. Rule 1: the large model writes instead.
      run.handOver(to: .large, because: .init(cue))
      let takeover = try await run.write(.large, upTo: stop(after: takeoverTokens))
      let keepsLarge = prefersLarge || words.cue(of: takeover.text).contradicts(cue)
      let (kept, dropped) = keepsLarge ? (takeover, probe) : (probe, takeover)
      run.reject(dropped, because: .init(cue))
      try run.accept(kept)
      if words.cue(of: kept.text) == .reflection { reflections += 1 }

      // 5. Rule 2: what is to be verified, the large model verifies.
      if words.asksToVerify(kept.text) { try await takeOver(verificationTokens, in: &run, because: .verification) }
    }
    try await run.conclude(by: answeredBy)
  }

  private func mayGoOn(_ run: inout ReasoningRun) -> Bool {
    guard scope == .everything ? run.canWrite() : run.canThink() else { return false }
    return timeOut < 0 || !run.isLaterThan(seconds: timeOut)
  }

  private func stop(after tokens: Int) -> Stop {
    takeoverUnit == .tokens ? .tokens(tokens) : .boundary(atMost: tokens)
  }

  private func takeOver(_ tokens: Int, in run: inout ReasoningRun, because reason: Reason) async throws {
    guard tokens > 0, mayGoOn(&run) else { return }
    run.handOver(to: .large, because: reason)
    try run.accept(try await run.write(.large, upTo: .tokens(tokens)))
  }
}

extension Cue {
  /// Whether this cue of the large model speaks against the small one's (`choose_large: false` of the released code).
  fileprivate func contradicts(_ small: Cue) -> Bool {
    switch small {
    case .reflection: self != .reflection
    case .affirmation: self == .reflection
    case .statement: false
    }
  }
}

extension Reason {
  public static let opening = Self(rawValue: "opening")
  public static let excess = Self(rawValue: "too many reflections")
  public static let verification = Self(rawValue: "verification")

  init(_ cue: Cue) { self.init(rawValue: cue.rawValue) }
}
