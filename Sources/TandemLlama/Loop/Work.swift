import TandemInference

/// A job that needs the model.
struct Work {
  let job: Job
  /// Counts up with each job of the engine: prompts are evaluated in the order they came.
  let arrival: Int
  let kind: Kind
  /// Tokens to evaluate.
  var pending: [Token] = []
  /// How many of `pending` have been evaluated.
  var evaluated = 0
  /// How many of `pending`, at its end, are draft tokens: proposed, and not sampled yet.
  var drafts = 0
  /// A proposer that was asked for draft tokens; nothing is evaluated until it has answered.
  var proposal: Task<Void, Never>?
  var generation: GenerationInProgress?
  /// Whether the generation has sampled a token already.
  var hasSampled = false
  var scores: [Float] = []
  /// Since when it has been waiting for others to free cells.
  var blockedSince: ContinuousClock.Instant?

  enum Kind {
    /// Evaluate, and return how many of the tokens were not the session's own.
    case extend(given: Int)
    case generate
    case logits
    /// Evaluate, until something else is asked for.
    case readAhead
    /// The continuation's log-probabilities; afterwards back to `base` tokens, unless it `keeps` the continuation.
    case score([Token], base: Int, keeps: Bool)
    case embedding
  }

  /// Whether nobody waits for it.
  var isAhead: Bool { if case .readAhead = kind { true } else { false } }
  var remaining: Int { pending.count - evaluated }
  /// The draft token that the next sampled token is compared with.
  var nextDraft: Token? { drafts > 0 ? pending[pending.count - drafts] : nil }

  /// The first of `pending` whose row of logits is of use; negative if the row before all of them was at hand.
  private var firstOutput: Int {
    if case .score(let continuation, _, let keeps) = kind {
      pending.count - continuation.count - (keeps ? 1 : 0)
    } else {
      pending.count - 1 - drafts
    }
  }

  func wantsLogits(_ index: Int) -> Bool { index >= firstOutput }

  /// Which token of the continuation the row of `pending[index]` scores; nil if that row's logits are of no use.
  func scored(by index: Int) -> Int? {
    guard case .score(let continuation, _, _) = kind else { return nil }
    let place = index - firstOutput
    return continuation.indices.contains(place) ? place : nil
  }

  var schedulingKind: ReadySlot.Kind {
    switch kind {
    case .extend, .logits, .readAhead: .prompt
    case .generate: hasSampled ? .generation : .prompt
    case .score: .score
    case .embedding: .embedding
    }
  }
}
