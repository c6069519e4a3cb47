/// All that the decision about the next pass depends on, as plain numbers.
struct SchedulerInput {
  /// The slots that a pass could do something for, by number.
  var ready: [ReadySlot] = []
  /// Cells of the cache that belong to no sequence.
  var freeCells = 0
  /// The adapter of the pass before.
  var appliedAdapter = AdapterID.none
  /// The slot at which the search for work begins.
  var cursor = 0
  var now = ContinuousClock.now
}

/// A slot with tokens to evaluate.
struct ReadySlot: Hashable {
  let slot: Int
  /// The number of its work: prompts are evaluated in this order.
  var arrival = 0
  var kind = Kind.prompt
  /// Where its next token is in what its work has to evaluate.
  var start = 0
  /// How many tokens it has to evaluate, draft tokens included.
  var remaining: Int
  /// How many of these, at their end, are draft tokens.
  var drafts = 0
  /// How many cells it needs for them, beside those it has.
  var missingCells: Int
  /// The adapter that must be on for its next token.
  var adapter = AdapterID.none
  /// How many of its next tokens need this adapter.
  var adapterRun: Int
  /// Since when it has been waiting for cells.
  var blockedSince: ContinuousClock.Instant?

  enum Kind: Hashable {
    /// Tokens that came from outside: the last row's logits are of use.
    case prompt
    /// The token sampled last, and draft tokens: every row's logits are of use.
    case generation
    /// Tokens whose log-probabilities are asked for: nearly every row's logits are of use.
    case score
    /// Tokens of which the last one's hidden state is asked for.
    case embedding
  }
}
