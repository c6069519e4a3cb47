public import TandemInference

/// Several passages at once, and a choice among them.
extension ReasoningRun {
  /// Lets a model write `count` continuations of the chain at once; nothing is kept until it is accepted.
  ///
  /// The prompt is evaluated once. The engine writes all continuations in one batch, which each leaves when it ends.
  /// The branches are counted and closed, even if writing fails.
  public mutating func draft(_ role: Role, count: Int, upTo stop: Stop) async throws -> [Passage] {
    try checkHandOver()
    try beginTurn(of: role)
    let (chain, handle, limit, readers) = (chain, handle, tokensLeft, try readers(of: role))
    let stop = stop.answering(atMost: budget.answerTokens)
    let (seeds, feeds) = ((0..<count).map { _ in nextSeed() }, feeds(count, of: role))
    let clock = ContinuousClock.now
    defer { spend(clock, by: role) }
    let (branches, prefix) = try await branches(count, of: role)
    let drafts: [Reasoner.Written]
    do {
      drafts = try await withThrowingTaskGroup(of: (Int, Reasoner.Written).self) { group in
        for (index, branch) in branches.enumerated() {
          group.addTask {
            let written = try await branch.write(
              after: chain, upTo: stop, limit: limit, seed: seeds[index], held: prefix, until: handle,
              readers: readers, isWhole: true, text: feeds[index])
            return (index, written)
          }
        }
        return try await group.reduce(into: [Int: Reasoner.Written]()) { $0[$1.0] = $1.1 }
          .sorted { $0.key < $1.key }.map(\.value)
      }
    } catch {
      _ = await retire(branches.dropFirst(), of: role)
      throw error
    }
    _ = await retire(branches.dropFirst(), of: role)
    for draft in drafts { usage[role] = usage[role] + draft.evaluated }
    held[role] = drafts.first?.held
    try note(drafts.map(\.passage), isTentative: true)
    return drafts.map(\.passage)
  }

  /// The ln p of each token of each passage's thinking, as `role` would write it after the chain; nothing is kept.
  ///
  /// The chain is evaluated once, and each passage in one pass after it, which is rolled back before the next one.
  /// Passages are long enough to fill a pass, and if they shared one, each would attend to the cells of all
  /// (docs/decisions/0011).
  public mutating func likelihoods(of passages: [Passage], under role: Role) async throws -> [[Float]] {
    try checkHandOver()
    let clock = ContinuousClock.now
    defer { spend(clock, by: role) }
    let judge = try await branches(1, of: role).all[0]
    let before = await judge.session.counters.prefilled
    var rows: [[Float]] = []
    for thought in passages.compactMap({ $0.thinking.thoughts.first }) where !handle.isHandingOver {
      rows.append(try await judge.likelihoods(of: thought))
    }
    usage[role].scored += await judge.session.counters.prefilled - before
    try checkHandOver()
    return rows
  }

  /// The session of `role` and `count − 1` more that share its cache, all of which hold the chain, and its tokens.
  private mutating func branches(_ count: Int, of role: Role) async throws -> (all: [Reasoner], prefix: [Token]) {
    let reasoner = try reasoner(role)
    try noteCached(role)
    let (all, cost) = try await reasoner.branches(count, after: chain, held: held[role] ?? [])
    usage[role] = usage[role] + cost
    let prefix = try reasoner.read(chain)
    held[role] = prefix
    return (all, prefix)
  }

  /// Closes sessions that are no longer needed, and keeps their counts.
  mutating func retire(_ branches: some Sequence<Reasoner>, of role: Role) async -> EngineCounters {
    let counted = await Reasoner.close(branches)
    retired[role] = retired[role, default: .init()] + counted
    return counted
  }

  /// The probabilities of `labels` as the next word after `parts`, which `role` reads apart from the chain with its
  /// selector adapter on. They add up to 1.
  public mutating func odds(of labels: [String], after parts: [PromptPart], by role: Role) async throws -> [Float] {
    try checkHandOver()
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

  /// Records a choice.
  public func select(_ selection: Selection) { emit(.selected(selection)) }
}
