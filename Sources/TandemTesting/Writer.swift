import Synchronization
import TandemInference

/// A generation in progress: the engine's own sampler and stop rule.
struct Writer {
  let ticket: Ticket
  private(set) var hasDrawn = false
  private var sampler: Sampler
  private var stop: StopRule

  init(_ request: GenerationRequest, _ ticket: Ticket, _ tokenizer: any Tokenizer) {
    self.ticket = ticket
    sampler = Sampler(request)
    stop = StopRule(request, tokenizer: tokenizer)
  }

  mutating func draw(_ logits: [Float], after tokens: [Token]) throws -> SampledToken {
    var sampled = try sampler.sample(logits.span, after: tokens)
    sampled.stop = stop.reason(after: sampled)
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
