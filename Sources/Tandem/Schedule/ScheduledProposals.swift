import Synchronization
import TandemInference

/// Lets an engine draw the tokens that are expected of it, so that draft tokens are right where they are meant to be.
struct ForcedTokens: LogitProcessor {
  private let tokens: [Token]
  private let start: Int

  /// - Parameter start: How many tokens stand before the first of them.
  init(_ tokens: [Token], after start: Int) { (self.tokens, self.start) = (tokens, start) }

  func process(_ logits: inout MutableSpan<Float>, after held: [Token]) {
    let place = held.count - start
    guard tokens.indices.contains(place), logits.indices.contains(Int(tokens[place].rawValue)) else { return }
    let only = Int(tokens[place].rawValue)
    for index in logits.indices { logits[index] = index == only ? 0 : -.infinity }
  }
}

/// Draft tokens of a proposer, replaced by some that are right as often as a schedule says.
///
/// The proposer does its work, and is told afterwards that it had been right there: so a draft model finds its own
/// tokens in its cache, as it would.
final class ScheduledProposals: Sendable {
  private let session: ScheduledSession
  private let expected: [Token]
  private let start: Int
  private let acceptance: Double
  private let generator: Mutex<SplitMix64>

  /// - Parameters:
  ///   - expected: What the target draws.
  ///   - start: How many tokens stand before that.
  ///   - acceptance: The chance that a draft token is right.
  ///   - seed: Draws which ones are.
  ///   - session: The target's.
  init(_ expected: [Token], after start: Int, acceptance: Double, seed: UInt64, in session: ScheduledSession) {
    (self.expected, self.start, self.acceptance, self.session) = (expected, start, acceptance, session)
    generator = Mutex(SplitMix64(seed: seed))
  }

  /// A proposer that asks `proposer`; the target waits for it meanwhile, and is timed so.
  func wrapping(_ proposer: Proposer, _ timer: GenerationTimer) -> Proposer {
    switch proposer {
    case .immediate(let propose, let when):
      .immediate({ self.replaced(propose(self.viewed($0)), at: $0) }, when: { when(self.viewed($0)) })
    case .deferred(let propose, let when):
      .deferred(
        { context in
          timer.pause()
          defer { timer.resume() }
          return self.replaced(try await propose(self.viewed(context)), at: context)
        }, when: { when(self.viewed($0)) })
    }
  }

  private func viewed(_ context: ProposalContext) -> ProposalContext {
    var viewed = context
    viewed.tokens = session.asProposed(viewed.tokens)
    return viewed
  }

  private func replaced(_ proposals: [Token], at context: ProposalContext) -> [Token] {
    let first = min(context.tokens.count - start, expected.count)
    var (replaced, places) = (Array(expected[first...].prefix(proposals.count)), [Int: Token]())
    for index in replaced.indices {
      let isRight = generator.withLock { Double($0.uniform()) } < acceptance
      let (right, proposed) = (replaced[index], proposals[index])
      let wrong = Token(rawValue: right.rawValue == 0 ? 1 : right.rawValue - 1)
      // A wrong guess is none of the tokens that stand there afterwards.
      places[context.tokens.count + index] = isRight ? proposed : proposed == right ? wrong : right
      guard isRight else {
        replaced[index] = wrong
        break
      }
    }
    session.note(proposed: places)
    return replaced
  }
}
