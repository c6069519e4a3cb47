import TandemInference

/// Revision of recorded thinking by search (Retro-Search, arXiv:2504.04383).
///
/// At each switch of thought, from the first to the last, the model writes on from before the switch, with words of transition
/// banned for one step. A continuation to an answer is worth γ^n if the answer is right, where n is how many steps of
/// thinking it takes, else nothing. If it is worth more than what was there, it replaces it, and the search continues at the
/// next switch, of the new tail. So thinking that leaves a good path too early becomes deeper, and thinking that goes on
/// after its answer becomes shorter.
///
/// The paper's code is not public. Which words are banned, γ, and that a step is a switch if it begins with one of the words
/// are parameters and choices of ours, from memory of the paper; so is that several continuations may be tried. With
/// one continuation, every γ below 1 chooses alike: among right ones, the one with fewer steps.
public struct RetroSearch: Sendable, Hashable {
  /// γ, above 0. With 1 a right continuation replaces a wrong one only, however long they are.
  public var discount: Double
  /// How many continuations are tried at each switch; the best of them counts, and of equals the first.
  public var rollouts: Int
  /// The words with which a step changes its line of thought.
  public var transitionWords: [String]
  /// The most tokens of thinking, and of an answer.
  public var thinkingTokens: Int
  /// The most tokens of an answer.
  public var answerTokens: Int

  /// The words unless others are given.
  public static let usualWords = [
    "alternatively", "another", "backtrack", "but", "going back", "hmm", "hmmm", "however", "not sure", "trace back",
    "wait",
  ]

  /// Throws `invalidSetting` for a value that makes no sense.
  public init(
    discount: Double = 0.9, rollouts: Int = 1, transitionWords: [String] = Self.usualWords, thinkingTokens: Int = 4096,
    answerTokens: Int = 1024
  ) throws(ReasoningError) {
    guard discount > 0, discount <= 1 else {
      throw .invalidSetting(name: "discount", reason: "must be above 0, at most 1, not \(discount)")
    }
    guard 1...1000 ~= rollouts else {
      throw .invalidSetting(name: "rollouts", reason: "must be from 1 to 1000, not \(rollouts)")
    }
    guard !transitionWords.isEmpty, transitionWords.allSatisfy({ $0.contains { $0.isLetter } }) else {
      throw .invalidSetting(name: "transitionWords", reason: "must be at least one word, and none may be empty")
    }
    (self.discount, self.rollouts, self.transitionWords) = (discount, rollouts, transitionWords)
    (self.thinkingTokens, self.answerTokens) = (thinkingTokens, answerTokens)
    try limits.validate()
  }

  private var limits: TailLimits { TailLimits(thinkingTokens: thinkingTokens, answerTokens: answerTokens) }

  /// Thinking after the search.
  public struct Revised: Sendable, Hashable {
    /// What was asked, the steps that are left or new, and the answer after them.
    public let thinking: RecordedThinking
    /// Whether that answer is right.
    public let isRight: Bool
    /// The tails that were replaced, in order.
    public let revisions: [Revision]
    /// At how many switches continuations were tried.
    public let switches: Int
    /// The tokens that were sampled.
    public let tokenCount: Int
  }

  /// A tail that was replaced.
  public struct Revision: Sendable, Hashable {
    /// The number of steps before it.
    public let step: Int
    /// What it was worth.
    public let before: Double
    /// What its replacement is worth.
    public let after: Double
  }

  /// Whether a step leaves the line of thought before it.
  public func isSwitch(_ step: String) -> Bool {
    let step = step.lowercased().drop(while: \.isWhitespace)
    return transitionWords.contains { word in
      step.hasPrefix(word.lowercased()) && step.dropFirst(word.count).first?.isLetter != true
    }
  }

  /// What a tail of so many steps is worth: γ^steps, or nothing if its answer is wrong.
  public func value(steps: Int, isRight: Bool) -> Double {
    isRight ? (0..<steps).reduce(1) { value, _ in value * discount } : 0
  }

  /// Searches for a better continuation at each switch of thought.
  ///
  /// - Parameters:
  ///   - thinking: What is revised. Its answer may be wrong: then any right one is better.
  ///   - participant: The model that writes; it marks its thinking and has the capability `logits`.
  ///   - seed: The same search with the same seed finds the same.
  ///   - isRight: Whether an answer is right.
  ///
  /// Throws `unsuitable` for a model that does not mark its thinking, and what the engine throws.
  public func revise(
    _ thinking: RecordedThinking, by participant: Participant, seed: UInt64 = 0, isRight: (String) -> Bool
  ) async throws -> Revised {
    let writer = try await TailWriter.open(participant, for: thinking.messages, limits)
    do {
      let revised = try await revise(
        thinking, by: writer, banning: BannedWords(transitionWords, in: participant.model.tokenizer), seed, isRight)
      await writer.close()
      return revised
    } catch {
      await writer.close()
      throw error
    }
  }

  private func revise(
    _ thinking: RecordedThinking, by writer: TailWriter, banning banned: BannedWords, _ seed: UInt64,
    _ judge: (String) -> Bool
  ) async throws -> Revised {
    var (steps, answer, isRight) = (thinking.steps, thinking.answer, judge(thinking.answer))
    var (revisions, switches, tokens) = ([Revision](), 0, 0)
    // Before the first step there is no line of thought to stay on.
    var place = 1
    while let found = steps.indices.dropFirst(place).first(where: { isSwitch(steps[$0]) }) {
      let before = value(steps: steps.count - found, isRight: isRight)
      var best: (value: Double, tail: Tail) = (before, Tail())
      for rollout in 0..<rollouts {
        let seed = SplitMix64.derive(SplitMix64.derive(seed, UInt64(found)), UInt64(rollout))
        let kept = Array(steps[..<found])
        guard let tail = try await writer.tail(after: kept, banning: banned, seed: seed) else { break }
        tokens += tail.tokenCount
        let value = value(steps: tail.steps.count, isRight: tail.isComplete && judge(tail.answer))
        if value > best.value { best = (value, tail) }
      }
      if best.value > before {
        (steps, answer, isRight) = (steps[..<found] + best.tail.steps, best.tail.answer, true)
        revisions.append(Revision(step: found, before: before, after: best.value))
      }
      switches += 1
      place = found + 1
    }
    return Revised(
      thinking: RecordedThinking(messages: thinking.messages, steps: steps, answer: answer) ?? thinking,
      isRight: isRight, revisions: revisions, switches: switches, tokenCount: tokens)
  }
}
