public import TandemInference

/// Choosing among drafts that are read while others are still being written.
extension ReasoningRun {
  /// Scores of drafts by `role`: each is a function of the ln p of a draft's tokens, as `role` would write them after the
  /// chain.
  mutating func likelihoodReader(
    under role: Role, of count: Int, by score: @escaping @Sendable ([Float]) -> Double
  ) async throws -> LikelihoodReader {
    let reasoner = try reasoner(role)
    try noteCached(role)
    let before = await reasoner.session.counters.prefilled
    return try LikelihoodReader(reasoner, after: chain, of: count, before: before, by: score)
  }

  /// The scores of all drafts in their order. If `isGood` says so of the best one, what was read of it stays in the cache
  /// of `role`, and the strategy should accept it: the model does not read it again.
  mutating func scores(
    by reader: inout LikelihoodReader, under role: Role, keepingIf isGood: (Double) -> Bool
  ) async throws -> [Double] {
    let clock = ContinuousClock.now
    defer { spend(clock, by: role) }
    while !handle.isHandingOver, try await reader.readNext() {}
    try checkHandOver()
    let best = reader.best.flatMap { best in
      reader.scores[best.index].map(isGood) == true ? best : nil
    }
    var evaluated = -reader.before
    for session in reader.sessions { evaluated += await session.session.counters.prefilled }
    // The chain, and then the draft if it stays; the rest was only tried.
    let new = reader.base.count - held[role, default: []].commonPrefixCount(with: reader.base)
    try reasoner(role).classify(new, of: chain, into: &usage[role])
    let kept = best?.tokens ?? []
    usage[role].handedOver += kept.count
    usage[role].scored += evaluated - new - kept.count
    held[role] = reader.base + kept
    reasoners[role] = reader.sessions[best?.holder ?? 0]
    let others = reader.sessions.indices.filter { $0 != best?.holder ?? 0 }.map { reader.sessions[$0] }
    _ = await retire(others, of: role)
    return reader.scores.sorted { $0.key < $1.key }.map(\.value)
  }

  /// Closes what a reader has opened beside the run's own session: its run has failed, or was handed over.
  mutating func abandon(_ reader: LikelihoodReader, of role: Role) async {
    _ = await retire(reader.sessions.dropFirst(), of: role)
  }

  /// The probabilities of `labels` as the next word after `parts`, which `role` reads apart from the chain with its
  /// selector adapter on. They add up to 1.
  public mutating func odds(of labels: [String], after parts: [PromptPart], by role: Role) async throws -> [Float] {
    try await odds(of: labels, after: parts, read: nil, by: role)
  }

  /// The same, by a judge that has read the beginning of it already.
  mutating func odds(
    of labels: [String], after parts: [PromptPart], read judge: Reasoner?, by role: Role
  ) async throws -> [Float] {
    let clock = ContinuousClock.now
    defer { spend(clock, by: role) }
    do {
      try checkHandOver()
      _ = try reasoner(role).tokens(of: labels)  // a label that cannot be one costs no session
    } catch {
      await abandon(judge, of: role)
      throw error
    }
    let asked: Reasoner = if let judge { judge } else { try await reasoner(role).judge() }
    let (odds, counters) = try await asked.answer(parts, by: labels)
    usage[role].scored += counters.prefilled
    retired[role] = retired[role, default: .init()] + counters
    return odds
  }

  /// Closes a judge that is not asked any more.
  mutating func abandon(_ judge: Reasoner?, of role: Role) async {
    if let judge { usage[role].scored += await retire([judge], of: role).prefilled }
  }
}
