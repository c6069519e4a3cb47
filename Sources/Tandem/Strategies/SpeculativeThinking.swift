public import TandemInference

/// Speculative Thinking (Yang, Yue, Chaudhary and Han, arXiv:2504.12329): the small model thinks, and the large one
/// takes over after a blank line if the small one is about to affirm or to reflect, if something is to be verified, or
/// if there has been too much reflection.
///
/// The paper calls the small model speculative and the large one target. The defaults are the constants of the released
/// code. What we do differently, by design:
/// - each model reads its own prompt, with its generation marker, as in every baseline (the released code leaves the
///   marker out for this method only);
/// - each model ends its own turn, so an instruct model's end of turn is recognised;
/// - a probe or takeover that would end inside a character has up to three tokens more, which complete it;
/// - probes and catch-up are counted.
public struct SpeculativeThinking: Strategy {
  /// "speculative-thinking".
  public static let name = "speculative-thinking"
  /// The strategy in one sentence.
  public static let about = StrategyDescription(
    summary: "The small model thinks; the large one takes over at reflection, affirmation and verification.",
    paper: "Speculative Thinking, arXiv:2504.12329",
    tested: "golden vectors of the paper; on the nano pair, SmolLM2, and pairs of different tokenizers")
  /// The declaration of each setting, with its key in the released YAML files.
  public static let settings: [SettingSpec<Self>] = [
    .init(
      "affirmationWords", \.affirmationWords, "words that affirm", paper: "App. A.2",
      key: "TARGET_VALIDATION_KEYWORDS.positive"),
    .init(
      "reflectionWords", \.reflectionWords, "words that reflect", paper: "App. A.2",
      key: "TARGET_VALIDATION_KEYWORDS.negative"),
    .init(
      "verificationWords", \.verificationWords, "words that announce a check; they count as reflection too",
      paper: "App. A.2", key: "TARGET_VALIDATION_KEYWORDS.verify"),
    .init("matching", \.matching, "how words are found (paper: substring)"),
    .init(
      "probeTokens", \.probeTokens, "tokens of the small model that are examined after a blank line",
      .range(1...Budget.mostTokens), sharedKey: "max_target_tokens"),
    .init(
      "takeoverTokens", \.takeoverTokens, "tokens of the large model after a cue", .range(1...Budget.mostTokens),
      paper: "n1", key: "max_target_tokens"),
    .init("takeoverUnit", \.takeoverUnit, "whether a takeover stops at the next blank line (released code: tokens)"),
    .init(
      "verificationTokens", \.verificationTokens, "tokens of the large model after a word of verification",
      .range(0...Budget.mostTokens), paper: "n2", sharedKey: "original_recap_token_num"),
    .init(
      "excessTokens", \.excessTokens, "tokens of the large model after too many reflections",
      .range(0...Budget.mostTokens), paper: "n3", key: "original_recap_token_num"),
    .init(
      "excessIncrement", \.excessIncrement, "how much n3 grows each time", .range(0...Budget.mostTokens),
      key: "add_each_recap"),
    .init(
      "excessMaximum", \.excessMaximum, "where n3 stops growing", .range(0...Budget.mostTokens),
      key: "max_recap_token_num"),
    .init(
      "excessThreshold", \.excessThreshold, "how many reflections are too many", .range(1...Budget.mostTokens),
      key: "recap_after_negative_num"),
    .init(
      "thresholdIncrement", \.thresholdIncrement, "how much that number grows each time", .range(0...Budget.mostTokens),
      key: "add_each_neg"),
    .init(
      "thresholdMaximum", \.thresholdMaximum, "where that number stops growing", .range(1...Budget.mostTokens),
      key: "max_negative_num"),
    .init("excessText", \.excessText, "what is inserted then", key: "help_recap_words"),
    .init(
      "nonReasoning", \.nonReasoning, "whether the large model takes over after every blank line", paper: "Sec. 4.2",
      key: "not_reasoning"),
    .init(
      "openingTokens", \.openingTokens, "tokens of the large model before all else; 100 for instruct models",
      .range(0...Budget.mostTokens), paper: "Sec. 4.2", key: "begin_token_num"),
    .init(
      "segmentTokens", \.segmentTokens, "most tokens of the small model between two blank lines",
      .range(1...Budget.mostTokens)),
    .init(
      "prefersLarge", \.prefersLarge,
      "whether the large model's text always replaces the probe, or only if the two disagree", key: "choose_large"),
    .init("statements", \.statements, "what happens to probes without a cue (released code: discard)"),
    .init("scope", \.scope, "where the large model may take over (released code: everything)"),
    .init("answeredBy", \.answeredBy, "who writes the answer"),
    .init(
      "timeOut", \.timeOut, "seconds after which the run is concluded; -1 is never",
      .above(0, or: -1, orInfinity: true), key: "time_out"),
  ]
  /// Any pair.
  public static let requirements: [Role: EngineCapabilities] = [.small: [], .large: []]

  /// The words that affirm.
  public var affirmationWords = CueWords.paper.affirmation
  /// The words that reflect.
  public var reflectionWords = CueWords.paper.reflection
  /// The words that announce a check; "check" also finds "Let me double-check".
  public var verificationWords = CueWords.paper.verification
  /// How words are found in a text.
  public var matching = CueWords.paper.matching
  /// How many tokens of its next sentence the small model shows.
  public var probeTokens = 20
  /// n1: the tokens that the large model writes after a cue.
  public var takeoverTokens = 20
  /// What `takeoverTokens` counts up to.
  public var takeoverUnit = Unit.tokens
  /// n2: the tokens that it writes to verify.
  public var verificationTokens = 125
  /// n3: the tokens that it writes after too many reflections.
  public var excessTokens = 125
  /// How much n3 grows each time, in the released code; the paper does not mention that.
  public var excessIncrement = 25
  /// Where n3 stops growing.
  public var excessMaximum = 200
  /// How many reflections are too many; not in the paper.
  public var excessThreshold = 15
  /// How much `excessThreshold` grows each time.
  public var thresholdIncrement = 5
  /// Where `excessThreshold` stops growing.
  public var thresholdMaximum = 30
  /// The text that is inserted after too many reflections.
  public var excessText = "Let me check whether there are some wrong steps:"
  /// Whether the large model takes over after every blank line: for a small model that does not reason (Sec. 4.2).
  public var nonReasoning = false
  /// How many tokens the large model writes first; the paper has 100 for a small model that does not reason.
  public var openingTokens = 0
  /// The most tokens of the small model between two blank lines; hard-coded in the released code.
  public var segmentTokens = 1024
  /// Whether the large model's text always replaces the probe, or only if the two disagree.
  public var prefersLarge = true
  /// What happens to a probe without a cue.
  public var statements = Statements.discard
  /// Where the large model may take over.
  public var scope = Scope.everything
  /// The model that writes the answer.
  public var answeredBy = Role.small
  /// The seconds after which the run is concluded; −1 is never.
  public var timeOut = -1.0

  /// What `takeoverTokens` counts up to.
  public enum Unit: String, Sendable, SettingChoice {
    /// That many tokens, often in the middle of a sentence but not of a character: the released code.
    case tokens
    /// A thought of at most that many tokens: the paper's "one full sentence".
    case thought
  }

  /// What happens to a probe without a cue.
  public enum Statements: String, Sendable, SettingChoice {
    /// It is sampled again from the same place: the released code. With the same model in both roles the run is then
    /// distributed as that model alone.
    case discard
    /// It stays: the paper's natural reading. Saves the probe's tokens, and shifts the distribution towards thoughts
    /// without cues, since only those are kept from the first draw.
    case keep
  }

  /// Where the large model may take over.
  public enum Scope: String, Sendable, SettingChoice {
    /// In the thinking and in the answer: the released code.
    case everything
    /// In the thinking alone.
    case thinking
  }

  /// The constants of the released code.
  public init() {}

  /// The constants of the released code.
  public static let paper = Self()

  /// Checks or drops the keys of the released YAML files that are no settings here.
  public static func readPaperFile(_ settings: [String: Setting]) throws(ReasoningError) -> [String: Setting] {
    var own = settings
    // These place the models on machines, which is not the strategy's business.
    let servingKeys = [
      "mode", "target_model_name", "speculative_model_name", "target_model_gpu", "speculative_model_gpu",
    ]
    for key in servingKeys { own[key] = nil }
    if let tokens = own.removeValue(forKey: "TRIGGER_TOKENS"), tokens != .list(["\n\n"]) {
      throw .invalidSetting(name: "TRIGGER_TOKENS", reason: #"can only be ["\n\n"]"#)
    }
    if let word = own.removeValue(forKey: "help_think_word"), word != .none {
      throw .invalidSetting(name: "help_think_word", reason: "is not used by the method; leave it out")
    }
    switch own.removeValue(forKey: "begin") {
    case .flag(true): own["begin_token_num"] = own["begin_token_num"] ?? .integer(100)
    case .flag(false): own["begin_token_num"] = .integer(0)
    case nil where own["begin_token_num"] != nil:
      throw .invalidSetting(name: "begin_token_num", reason: "has no effect without begin: true")
    case nil: break
    case let value?: throw .invalidSetting(name: "begin", reason: "must be true or false, not \(value)")
    }
    return own
  }

  /// The text before a look for mistakes.
  public func windowNeeds(in run: ReasoningRun) throws -> [Role: WindowNeed] {
    let text = try run.inserted(excessText, in: .thinking)
    return try run.needs { WindowNeed(inserted: try run.tokenCount(of: text, for: $0)) }
  }

  /// Runs the three rules of takeover, then lets a model answer.
  public func reason(in run: inout ReasoningRun) async throws {
    if timeOut >= 0 { run.limitTime(toSeconds: timeOut) }
    let words = words
    var reflections = 0
    var isProbed = false  // whether the small model may continue from this blank line
    var (threshold, excess) = (excessThreshold, excessTokens)

    // 0. A small model that does not reason gets an opening by the large one.
    if openingTokens > 0 { try await takeOver(openingTokens, in: &run, because: .opening) }

    while mayContinue(run) {
      // 1. The small model writes up to a blank line, unless the last thought ended with one.
      if isProbed || !run.isAtBoundary {
        try run.accept(try await run.write(.small, upTo: .boundary(atMost: segmentTokens)))
        isProbed = false
        guard run.isAtBoundary, mayContinue(run) else { continue }
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
      let takeover = try await run.write(.large, upTo: stop(after: takeoverTokens), isTentative: !prefersLarge)
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

  private var words: CueWords {
    CueWords(
      affirmation: affirmationWords, reflection: reflectionWords, verification: verificationWords, matching: matching)
  }

  private func mayContinue(_ run: ReasoningRun) -> Bool {
    scope == .everything ? run.canWrite : run.canThink
  }

  private func stop(after tokens: Int) -> Stop {
    takeoverUnit == .tokens ? .tokens(tokens) : .boundary(atMost: tokens)
  }

  private func takeOver(_ tokens: Int, in run: inout ReasoningRun, because reason: Reason) async throws {
    guard tokens > 0, mayContinue(run) else { return }
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
  /// The large model begins.
  public static let opening: Self = "opening"
  /// Too many reflections.
  public static let excess: Self = "too many reflections"
  /// Something is to be verified.
  public static let verification: Self = "verification"

  init(_ cue: Cue) { self.init(rawValue: cue.rawValue) }
}
