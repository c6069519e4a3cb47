/// Proposes draft tokens that a generation may sample next, so that its engine can evaluate several in one pass.
///
/// The engine samples a token from each row of such a pass, with the request's own sampler and random numbers, as it
/// would have done one by one. It continues for as long as it samples what was proposed; the first token that differs is
/// kept, for it is the model's own, and the cache is rolled back to it. So a draft token can't change what is sampled; it
/// only saves passes if it is right. (Speculative decoding, arXiv:2211.17192 and 2302.01318, keeps the distribution;
/// sampling with the same random numbers keeps the very tokens, as in arXiv:2408.07978.)
///
/// Rows of one pass are rounded differently from rows of many. In an engine's deterministic mode draft tokens are
/// evaluated one by one, as far as they are right: not a bit changes then, and nothing is gained.
///
/// Before each pass `when` says, on the engine's own thread, whether a proposal is wanted at all; the engine counts the
/// passes for which none is.
public enum Proposer: Sendable {
  /// Asked on the engine's own thread between two passes: it must answer within microseconds.
  case immediate(
    @Sendable (ProposalContext) -> [Token], when: @Sendable (ProposalContext) -> Bool = { _ in true })
  /// Asked in a task of its own while the engine serves other sessions; cancelled when the generation ends. An error
  /// ends the generation.
  case deferred(
    @Sendable (ProposalContext) async throws -> [Token], when: @Sendable (ProposalContext) -> Bool = { _ in true })

  /// Whether a proposal is wanted.
  package func isWanted(in context: ProposalContext) -> Bool {
    switch self {
    case .immediate(_, let when), .deferred(_, let when): when(context)
    }
  }
}

/// The input of a proposer.
public struct ProposalContext: Sendable, Hashable {
  /// What the session holds, the token just sampled included.
  public package(set) var tokens: [Token]
  /// How many of them this generation has sampled.
  public let drawn: Int
  /// The most tokens that could be of use; more are left out.
  public let limit: Int
}

extension ProposalContext {
  /// Nil if no draft token could save a pass.
  package init?(after tokens: [Token], _ stop: StopRule, contextSize: Int) {
    // The last token that is sampled is not evaluated.
    let limit = min(stop.left, contextSize - tokens.count) - 1
    guard limit > 0 else { return nil }
    (self.tokens, drawn, self.limit) = (tokens, stop.count, limit)
  }

  /// The proposals that are worth evaluating: a token outside the vocabulary can't be sampled, nor what follows it.
  package func usable(_ proposals: [Token], of vocabulary: Vocabulary) -> [Token] {
    Array(proposals.prefix(limit).prefix { (0..<vocabulary.size).contains(Int($0.rawValue)) })
  }
}
