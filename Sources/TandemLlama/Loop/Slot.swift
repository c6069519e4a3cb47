import TandemInference

/// One sequence of the context: what its cache holds, and what it is doing.
struct Slot {
  let id: Int
  var isOpen = false
  /// Counts the sessions that have had this slot.
  var tenancy = 0
  var adapter: LoadedAdapter?
  /// What the session holds. The last token may be freshly sampled and not evaluated yet.
  var tokens: [Token] = []
  /// How many of `tokens` the cache holds.
  var evaluated = 0
  /// Whether the first token that is not evaluated yet was sampled here: evaluating it is decoding, not prefill.
  var hasOwnToken = false
  /// One for each evaluated token, and those reserved for the running work.
  var cells: [Int32] = []
  /// The logits after the first `rowCount` tokens. Kept while a generation runs, so that rewinding to where it began
  /// needs no second evaluation.
  var row: [Float] = []
  var rowCount = -1
  var counters = EngineCounters()
  var work: Work?
  var queue: [Job] = []

  var place: Place { Place(slot: id, tenancy: tenancy) }
  var sequence: Int32 { Int32(id) }
  /// Whether a pass could do something for it.
  var isReady: Bool { work.map { $0.asking == nil } ?? false }
  var hasRow: Bool { rowCount == tokens.count && evaluated == tokens.count }
}

/// A job that needs the model.
struct Work {
  let job: Job
  /// Counts up with each job of the engine: prompts are read in the order they came.
  let ticket: Int
  let kind: Kind
  /// Tokens to evaluate, and how many of them have been.
  var owed: [Token] = []
  var done = 0
  /// How many of `owed`, at its end, are guesses of what will be drawn.
  var guessed = 0
  /// Asks for guesses; nothing is evaluated until it has answered.
  var asking: Task<Void, Never>?
  var writer: Writer?
  /// Whether the generation has sampled a token already.
  var isUnderway = false
  var scores: [Float] = []
  /// Since when it has been waiting for others to free cells.
  var blockedSince: ContinuousClock.Instant?

  enum Kind {
    /// Evaluate, and say how many tokens that were given.
    case extend(given: Int)
    case generate
    case logits
    /// The continuation's log-probabilities; afterwards back to `base` tokens.
    case score([Token], base: Int)
    case embedding
  }

  var remaining: Int { owed.count - done }
  /// The next token that is only guessed.
  var guess: Token? { guessed > 0 ? owed[owed.count - guessed] : nil }
  var wantsEveryRow: Bool { if case .score = kind { true } else { false } }

  /// Which token of the continuation the row of `owed[index]` scores; nil where that row's logits are of no use.
  func scored(by index: Int) -> Int? {
    guard case .score(let continuation, _) = kind else { return nil }
    let place = index - (owed.count - continuation.count)
    return place < 0 ? nil : place
  }

  func wantsRow(_ index: Int) -> Bool {
    wantsEveryRow ? scored(by: index) != nil : index >= owed.count - 1 - guessed
  }
}

/// A generation in progress. A class, so that its buffers have one owner while it is passed around.
final class Writer {
  private var sampler: Sampler
  private var stop: StopRule
  let proposer: Proposer?
  private let stream: Generation.Continuation
  private var unsent: [SampledToken] = []
  private var lastSent: ContinuousClock.Instant?

  /// Waking the listener costs the decode thread some 20 µs, a fifth of a tiny model's step. So it is woken at most
  /// this often; a step of any other model takes longer, and its tokens leave one by one.
  private static let interval = Duration.milliseconds(8)

  init(_ request: GenerationRequest, tokenizer: any Tokenizer, stream: Generation.Continuation) {
    sampler = Sampler(request)
    stop = StopRule(request, tokenizer: tokenizer)
    proposer = request.proposer
    self.stream = stream
  }

  /// Where the generation stands after `tokens`; nil where a guess of what comes next would be of no use.
  func prospect(after tokens: [Token], contextSize: Int) -> Prospect? {
    Prospect(after: tokens, stop, contextSize: contextSize)
  }

  /// Draws the token that follows `tokens`.
  func draw(_ logits: Span<Float>, after tokens: [Token]) throws(EngineError) -> SampledToken {
    var sampled = try sampler.sample(logits, after: tokens)
    sampled.stop = stop.reason(after: sampled)
    return sampled
  }

  /// Hands `sampled` to the listener, now or soon. Whoever hears of the last token may look at the counters at once.
  func hand(_ sampled: SampledToken) {
    unsent.append(sampled)
    let now = ContinuousClock.now
    if sampled.stop == nil, let lastSent, now - lastSent < Self.interval { return }
    send()
    lastSent = now
    if sampled.stop != nil { stream.finish() }
  }

  /// Sends what is held back, before anything else is told to the listener.
  func send() {
    for token in unsent { stream.yield(token) }
    unsent.removeAll(keepingCapacity: true)
  }
}
