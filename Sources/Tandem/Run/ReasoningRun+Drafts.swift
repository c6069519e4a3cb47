import TandemInference

/// Several passages at once, and a choice among them.
extension ReasoningRun {
  /// Lets a model write `count` continuations of the chain at once; nothing is kept until it is accepted.
  ///
  /// The prompt is evaluated once. The engine writes all continuations in one batch, which each leaves when it ends.
  /// The branches are counted and closed, even if writing fails.
  public mutating func draft(_ role: Role, count: Int, upTo stop: Stop) async throws -> [Passage] {
    var nobody = NoReader()
    return try await draft(role, count: count, upTo: stop, for: &nobody)
  }

  /// The same, with a reader that reads each as soon as it is finished.
  mutating func draft(
    _ role: Role, count: Int, upTo stop: Stop, for reader: inout some DraftReader
  ) async throws -> [Passage] {
    try checkHandOver()
    try beginTurn(of: role)
    let (chain, handle, limit, readers) = (chain, handle, tokensLeft, try readers(of: role))
    let stop = stop.answering(atMost: budget.answerTokens)
    let (seeds, feeds) = ((0..<count).map { _ in nextSeed() }, feeds(count, of: role))
    let clock = ContinuousClock.now
    var (drafts, ended) = ([Int: Reasoner.Written](), ContinuousClock.Instant?.none)
    defer { usage[role].seconds += clock.duration(to: ended ?? .now) / .seconds(1) }
    let (branches, prefix) = try await branches(count, of: role)
    do {
      try await withThrowingTaskGroup(of: (Int, Reasoner.Written, ContinuousClock.Instant).self) { group in
        for (index, branch) in branches.enumerated() {
          group.addTask {
            let written = try await branch.write(
              after: chain, upTo: stop, limit: limit, seed: seeds[index], held: prefix, until: handle,
              readers: readers, isWhole: true, text: feeds[index])
            return (index, written, .now)
          }
        }
        for try await (index, written, now) in group {
          drafts[index] = written
          ended = max(ended ?? now, now)
          reader.add(written.passage, at: index)
          while drafts.count < count, !handle.isHandingOver, try await reader.readNext() {}
        }
      }
    } catch {
      _ = await retire(branches.dropFirst(), of: role)
      throw error
    }
    _ = await retire(branches.dropFirst(), of: role)
    let written = drafts.sorted { $0.key < $1.key }.map(\.value)
    for draft in written { usage[role] = usage[role] + draft.evaluated }
    held[role] = written.first?.held
    try note(written.map(\.passage), isTentative: true)
    return written.map(\.passage)
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
  mutating func branches(_ count: Int, of role: Role) async throws -> (all: [Reasoner], prefix: [Token]) {
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

  /// Whether `role` has an adapter that was trained to choose.
  public func hasSelector(_ role: Role) -> Bool { reasoners[role]?.selector != nil }

  /// Records a choice.
  public func select(_ selection: Selection) { emit(.selected(selection)) }
}
