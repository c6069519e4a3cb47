import Synchronization
import TandemInference

/// A generation in progress: the engine's own sampler and stop rule.
struct Writer {
  let ticket: Ticket
  private(set) var hasDrawn = false
  private var sampler: Sampler
  private var stop: StopRule
  private let proposer: Proposer?
  /// Tokens that were evaluated before anyone knows whether they will be drawn.
  private var guesses: [Token] = []
  /// How many of these have been drawn.
  private var drawnGuesses = 0
  /// How many of their rows are left to draw from, or to throw away.
  private(set) var rowsAhead = 0

  init(_ request: GenerationRequest, _ ticket: Ticket, _ tokenizer: any Tokenizer) {
    self.ticket = ticket
    sampler = Sampler(request)
    stop = StopRule(request, tokenizer: tokenizer)
    proposer = request.proposer
  }

  /// What there is to evaluate beside the token drawn last.
  mutating func propose(after tokens: [Token], _ engine: MemoryEngine) async throws -> Int {
    (guesses, drawnGuesses, rowsAhead) = ([], 0, 0)
    let contextSize = engine.options.contextSize
    guard hasDrawn, let proposer, let context = ProposalContext(after: tokens, stop, contextSize: contextSize) else {
      return 0
    }
    let vocabulary = engine.tokenizer.vocabulary
    switch proposer {
    case .immediate(let propose): guesses = context.usable(propose(context), of: vocabulary)
    case .deferred(let propose): guesses = context.usable(try await propose(context), of: vocabulary)
    }
    rowsAhead = guesses.count
    return rowsAhead
  }

  /// Goes on to the row after the token drawn last; false where that has not been evaluated.
  mutating func advance() -> Bool {
    guard rowsAhead > 0 else { return false }
    rowsAhead -= 1
    return true
  }

  /// Compares a token with the next guess; returns the place of the guess where it was right.
  mutating func compare(_ token: Token) -> Int? {
    guard drawnGuesses < guesses.count, guesses[drawnGuesses] == token else { return nil }
    drawnGuesses += 1
    return drawnGuesses - 1
  }

  /// Gives up the rows ahead; returns how many there were.
  mutating func dropGuesses() -> Int {
    defer { (guesses, drawnGuesses, rowsAhead) = ([], 0, 0) }
    return rowsAhead
  }

  mutating func draw(_ logits: [Float], after tokens: [Token]) throws -> SampledToken {
    var sampled = try sampler.sample(logits.span, after: tokens)
    sampled.stop = try stop.reason(after: sampled)
    hasDrawn = true
    return sampled
  }
}

/// Tells one generation of a session from the next.
final class Ticket: Sendable {
  private let hasBegun = Atomic(false)

  /// Whether this is the first call.
  func begin() -> Bool { !hasBegun.exchange(true, ordering: .relaxed) }
}
