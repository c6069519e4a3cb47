/// Guesses what a generation will draw next, so that its engine can evaluate several tokens in one pass.
///
/// The engine draws a token from each row of such a pass, with the request's own sampler and random numbers, as it would
/// have done one by one. It goes on for as long as it draws what was proposed; the first token that differs is kept, for
/// it is the model's own, and the cache is rolled back to there. So a guess can't change what is drawn, greedy or
/// sampled; it only saves passes when it is right. (Speculative decoding, arXiv:2211.17192 and 2302.01318, keeps the
/// distribution; drawing with the same random numbers keeps the very tokens, as in arXiv:2408.07978.)
///
/// Rows of one pass are rounded differently from rows of many. In an engine's deterministic mode proposals are evaluated
/// one by one, as far as they are right: not a bit changes then, and nothing is gained.
public enum Proposer: Sendable {
  /// Asked on the engine's own thread between two passes: it must answer within microseconds.
  case immediate(@Sendable (ProposalContext) -> [Token])
  /// Asked in a task of its own while the engine goes on with other sessions; cancelled when the generation ends. What
  /// it throws ends the generation.
  case deferred(@Sendable (ProposalContext) async throws -> [Token])
}

/// Where a generation stands when it asks for proposals.
public struct ProposalContext: Sendable, Hashable {
  /// What the session holds, the token just drawn included.
  public let tokens: [Token]
  /// How many of them this generation has drawn.
  public let drawn: Int
  /// The most tokens that could be of use; more are left out.
  public let limit: Int
}

extension ProposalContext {
  /// Nil where no proposal could save a pass.
  package init?(after tokens: [Token], _ stop: StopRule, contextSize: Int) {
    // The last token that is drawn is not evaluated.
    let limit = min(stop.left, contextSize - tokens.count) - 1
    guard limit > 0 else { return nil }
    (self.tokens, drawn, self.limit) = (tokens, stop.count, limit)
  }

  /// What there is to evaluate of an answer. A token that is not in the vocabulary can't be drawn, nor what follows it.
  package func usable(_ proposals: [Token], of vocabulary: Vocabulary) -> [Token] {
    Array(proposals.prefix(limit).prefix { (0..<vocabulary.size).contains(Int($0.rawValue)) })
  }
}
