import TandemInference

/// Writes what follows some steps of thinking, up to the end of the turn, as often as it is asked to: what a search over
/// thinking is made of. Has one session, whose cache holds what the tails have in common.
struct TailWriter {
  private var reader: Reasoner
  let limits: TailLimits

  /// Throws `unsuitable` for a model that does not mark its thinking, whose answer could not be told from it.
  static func open(
    _ participant: Participant, for messages: [Message], _ limits: TailLimits
  ) async throws -> Self {
    guard participant.format.closing != nil else {
      throw ReasoningError.unsuitable(
        model: participant.model.name, reason: "it does not mark its thinking, so its answer can't be told from it")
    }
    let reader = try await Reasoner.open(.small, participant, for: Problem(messages: messages))
    return Self(reader: reader, limits: limits)
  }

  func close() async { await reader.session.close() }

  /// The rest of the turn after `steps`; nil if they leave no room for any.
  ///
  /// - Parameter banned: What may not be written in the first step.
  func tail(after steps: [String], banning banned: BannedWords? = nil, seed: UInt64) async throws -> Tail? {
    var chain = Chain()
    for step in steps {
      let ending: Thought.Ending = step.hasSuffix("\n\n") ? .boundary : .limit
      chain.append(
        try reader.reading(
          Thought(text: step, author: .inserted, segment: .thinking, ending: ending, tokenCount: 0)))
    }
    let read = chain.tokenCount(in: reader.vocabulary)
    let left = min(limits.thinkingTokens - read, reader.room(after: chain))
    guard left > 0 else { return nil }
    var writer = reader
    writer.banned = banned
    var thoughts = try await writer.thoughts(after: chain, upTo: .boundary(), limit: left, seed)
    let used = thoughts.reduce(0) { $0 + $1.tokenCount }
    for thought in thoughts { chain.append(thought) }
    writer.banned = nil
    let limit = chain.segment == .answer ? limits.answerTokens : left - used
    if !chain.isComplete, limit > 0, reader.room(after: chain) > 0 {
      let stop = Stop.endOfTurn().answering(atMost: limits.answerTokens)
      thoughts += try await writer.thoughts(after: chain, upTo: stop, limit: limit, SplitMix64.derive(seed, 1))
    }
    return Tail(thoughts, tokensBefore: read)
  }
}

/// How much a tail may have.
struct TailLimits: Sendable, Hashable {
  /// The most tokens of the thinking, those of the steps before the tail included.
  let thinkingTokens: Int
  let answerTokens: Int

  /// Throws `invalidSetting` for a limit below 1.
  func validate() throws(ReasoningError) {
    for (name, value) in [("thinkingTokens", thinkingTokens), ("answerTokens", answerTokens)] {
      guard 1...Budget.mostTokens ~= value else {
        throw .invalidSetting(name: name, reason: "must be from 1 to \(Budget.mostTokens), not \(value)")
      }
    }
  }
}

/// The rest of a turn.
struct Tail: Sendable {
  /// Steps of thinking, up to and with each blank line.
  let steps: [String]
  /// Empty if it did not come to an answer.
  let answer: String
  /// Whether the model ended its turn.
  let isComplete: Bool
  /// Tokens that were sampled.
  let tokenCount: Int
  /// Tokens of the thinking, those of the steps before the tail included.
  let thinkingTokens: Int

  /// Its characters, those of the answer included.
  var length: Int { steps.reduce(answer.count) { $0 + $1.count } }

  init(_ thoughts: [Thought] = [], tokensBefore: Int = 0) {
    let thinking = thoughts.filter { $0.segment == .thinking }
    steps = RecordedThinking.steps(of: thinking.map(\.text).joined())
    answer = thoughts.filter { $0.segment == .answer }.map(\.text).joined()
    isComplete = thoughts.last.map { $0.segment == .answer && $0.ending == .endOfTurn } ?? false
    tokenCount = thoughts.reduce(0) { $0 + $1.tokenCount }
    thinkingTokens = thinking.reduce(tokensBefore) { $0 + $1.tokenCount }
  }
}

extension Reasoner {
  fileprivate func thoughts(
    after chain: Chain, upTo stop: Stop, limit: Int, _ seed: UInt64
  ) async throws -> [Thought] {
    let written = try await write(
      after: chain, upTo: stop, limit: limit, seed: seed, held: [], until: ThinkingHandle()
    ) { _, _, _ in }
    return written.passage.thoughts
  }
}
