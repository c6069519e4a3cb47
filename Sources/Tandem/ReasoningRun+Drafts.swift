public import TandemInference

/// Several passages at once, and a choice among them.
extension ReasoningRun {
  /// Lets a model write `count` continuations of the chain at once; nothing is kept until it is accepted.
  ///
  /// The prompt is evaluated once. The engine batches what is being written; one that has ended costs nothing any more.
  public mutating func draft(_ role: Role, count: Int, upTo stop: Stop) async throws -> [Passage] {
    let (chain, handle, limit) = (chain, handle, tokensLeft)
    let stop = stop.answering(atMost: budget.answerTokens)
    let seeds = (0..<count).map { _ in nextSeed() }
    let (drafts, _) = try await branch(role, count) { index, writer, held in
      try await writer.write(
        after: chain, upTo: stop, limit: limit, seed: seeds[index], held: held, until: handle
      ) { _, _ in }
    }
    for draft in drafts { usage[role] = usage[role] + draft.evaluated }
    held[role] = drafts.first?.held
    return drafts.map(\.passage)
  }

  /// ln p of each token of each passage's thinking, as `role` would write it after the chain; nothing is kept.
  ///
  /// The passes share the cache of what precedes them, and the engine batches them.
  public mutating func likelihoods(of passages: [Passage], under role: Role) async throws -> [[Float]] {
    let thoughts = passages.compactMap { $0.thinking.thoughts.first }
    let (scores, evaluated) = try await branch(role, thoughts.count) { index, judge, _ in
      try await judge.likelihoods(of: thoughts[index])
    }
    usage[role].scored += evaluated
    return scores
  }

  /// Runs `work` on `count` sessions of `role` at once, all of which hold the chain, and tells how many tokens they
  /// evaluated. Whatever comes of it, what they did is counted and they are given back.
  private mutating func branch<Value: Sendable>(
    _ role: Role, _ count: Int, _ work: @escaping @Sendable (Int, Reasoner, [Token]) async throws -> Value
  ) async throws -> (values: [Value], evaluated: Int) {
    let reasoner = try reasoner(role)
    let clock = ContinuousClock.now
    defer { spend(clock, by: role) }
    let (branches, cost) = try await reasoner.branches(count, after: chain, held: held[role] ?? [])
    usage[role] = usage[role] + cost
    let prefix = try reasoner.read(chain)
    held[role] = prefix
    let before = await reasoner.session.counters.prefilled
    do {
      let values = try await withThrowingTaskGroup(of: (Int, Value).self) { group in
        for (index, branch) in branches.enumerated() {
          group.addTask { (index, try await work(index, branch, prefix)) }
        }
        return try await group.reduce(into: [Int: Value]()) { $0[$1.0] = $1.1 }
      }
      let forks = await retire(branches.dropFirst(), of: role)
      let evaluated = await reasoner.session.counters.prefilled - before + forks.prefilled
      return (values.sorted { $0.key < $1.key }.map(\.value), evaluated)
    } catch {
      _ = await retire(branches.dropFirst(), of: role)
      throw error
    }
  }

  /// Closes sessions whose work is done, and keeps what they counted.
  mutating func retire(_ branches: some Sequence<Reasoner>, of role: Role) async -> EngineCounters {
    let counted = await Reasoner.close(branches)
    retired[role] = retired[role, default: .init()] + counted
    return counted
  }

  /// The probabilities of `labels` as the next word after `parts`, which `role` reads apart from the chain, its selector
  /// adapter on. They add up to 1.
  public mutating func odds(of labels: [String], after parts: [PromptPart], by role: Role) async throws -> [Float] {
    let reasoner = try reasoner(role)
    let clock = ContinuousClock.now
    defer { spend(clock, by: role) }
    let (odds, counters) = try await reasoner.odds(of: labels, after: parts, adapter: reasoner.selector)
    usage[role].scored += counters.prefilled
    retired[role] = retired[role, default: .init()] + counters
    return odds
  }

  /// Whether `role` has an adapter that was trained to choose.
  public func hasSelector(_ role: Role) -> Bool { reasoners[role]?.selector != nil }

  /// Notes a choice.
  public func select(_ selection: Selection) { emit(.selected(selection)) }
}

extension Passage {
  /// What of it is thinking.
  public var thinking: Passage { Passage(thoughts.filter { $0.segment == .thinking }) }
  /// What of it is an answer.
  public var answer: Passage { Passage(thoughts.filter { $0.segment == .answer }) }
}
