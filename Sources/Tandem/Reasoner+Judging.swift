import TandemInference

/// What a model can do besides writing on: write several times, and judge what another wrote.
extension Reasoner {
  /// This reasoner, and `count − 1` more whose sessions share its cache: it is made to hold `chain` first.
  ///
  /// Returns what was evaluated for that. Whoever asks closes the branches.
  func branches(_ count: Int, after chain: Chain, held: [Token]) async throws -> (all: [Reasoner], cost: RoleUsage) {
    let prefix = try read(chain)
    var cost = RoleUsage()
    classify(prefix.count - held.commonPrefixCount(with: prefix), of: chain, into: &cost)
    try await session.extend(to: prefix)
    var all = [self]
    do {
      for _ in 1..<max(count, 1) { all.append(with(try await session.fork())) }
    } catch {
      _ = await Self.close(all.dropFirst())
      throw error
    }
    return (all, cost)
  }

  /// Gives the sessions back, and tells what they have counted.
  static func close(_ branches: some Sequence<Reasoner>) async -> EngineCounters {
    var sum = EngineCounters()
    for branch in branches {
      // In a task of its own, since a session answers nothing to one that is cancelled.
      sum = sum + (await Task { await branch.session.counters }.value)
      await branch.session.close()
    }
    return sum
  }

  /// ln p of each token of `thought`, as this model would write it after what its session holds.
  func likelihoods(of thought: Thought) async throws -> [Float] {
    try await session.score(try reading(thought).tokens[vocabulary] ?? [])
  }

  /// The probabilities of `labels` as the next token after `parts`: one forward pass in a session of its own, of which
  /// only the last row is looked at.
  ///
  /// Throws `unsuitable` where a label is more than one token.
  func odds(
    of labels: [String], after parts: [PromptPart], adapter: Adapter?
  ) async throws -> (odds: [Float], counters: EngineCounters) {
    let candidates = try labels.map { label in
      let tokens = try model.tokenizer.encode(label, control: .asText)
      guard tokens.count == 1 else {
        throw ReasoningError.unsuitable(
          model: model.name, reason: "the label '\(label)' is \(tokens.count) tokens in its vocabulary, and must be one"
        )
      }
      return tokens[0]
    }
    let tokens = try model.tokenizer.encode(parts)
    guard tokens.count <= model.contextSize else {
      throw EngineError.contextFull(needed: tokens.count, capacity: model.contextSize)
    }
    let judge = try await model.makeSession(adapter: adapter)
    do {
      try await judge.extend(to: tokens)
      let row = try await judge.logProbabilities(of: candidates)
      let counters = await judge.counters
      await judge.close()
      guard let best = row.max(), best > -.infinity else {
        throw ReasoningError.unsuitable(model: model.name, reason: "it would write none of the labels \(labels)")
      }
      // Among the labels alone: the paper's Eq. (3).
      let weights = row.map { Softmax.exp(SIMD8(repeating: max($0 - best, -87)))[0] }
      let sum = weights.reduce(0, +)
      return (weights.map { $0 / sum }, counters)
    } catch {
      await judge.close()
      throw error
    }
  }
}
