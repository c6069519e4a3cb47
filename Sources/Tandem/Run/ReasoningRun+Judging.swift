import TandemInference

/// Questions to a model about the chain, asked in the chain's own cache.
extension ReasoningRun {
  /// The probabilities of `labels` as the next token after the chain and `passage`; they add up to 1. Nothing is kept.
  public mutating func odds(of labels: [String], after passage: Passage, by role: Role) async throws -> [Float] {
    try await odds(of: labels, following: .empty, by: role, keepingIf: { _ in false }) { reasoner, chain in
      try reasoner.read(chain.appending(passage, as: reasoner))
    }
  }

  /// Asks `role` in a turn of its own about `passage`, which is not in the chain yet, and returns the probabilities of
  /// `labels` as the next token after `beginning`.
  ///
  /// One forward pass reads the passage and the question. The question is dropped again. If the passage `isGood`, it
  /// stays in the judge's cache, and the strategy should accept it. A judge that writes directly after a passage that
  /// it has kept evaluates the last token a second time, for the row that the question has replaced.
  public mutating func judge(
    _ passage: Passage, by role: Role, asking question: String, beginning: String, for labels: [String],
    keepingIf isGood: ([Float]) -> Bool
  ) async throws -> [Float] {
    let problem = problem
    return try await odds(of: labels, following: passage, by: role, keepingIf: isGood) { reasoner, chain in
      try reasoner.read(chain) + reasoner.turn(asking: question, beginning: beginning, after: problem)
    }
  }

  private mutating func odds(
    of labels: [String], following passage: Passage, by role: Role, keepingIf isGood: ([Float]) -> Bool,
    after tokens: (Reasoner, Chain) throws -> [Token]
  ) async throws -> [Float] {
    try checkHandOver()
    let clock = ContinuousClock.now
    defer { spend(clock, by: role) }
    let old = try await hold(role)
    let reasoner = try reasoner(role)
    let chain = try chain.appending(passage, as: reasoner)
    let kept = try reasoner.read(chain)
    let asked = try tokens(reasoner, chain)
    let forks = try await reasoner.forks(1)
    do {
      let odds = try await forks[0].odds(of: labels, after: asked)
      guard isGood(odds) else {
        usage[role].scored += await retire(forks, of: role).prefilled
        return odds
      }
      // The fork replaces the session, which has not read the passage.
      try await forks[0].session.extend(to: kept)
      let new = kept.count - old.commonPrefixCount(with: kept)
      usage[role].scored += await forks[0].session.counters.prefilled - new
      reasoner.classify(new, of: chain, into: &usage[role])
      reasoners[role] = forks[0]
      held[role] = kept
      _ = await retire([reasoner], of: role)
      return odds
    } catch {
      _ = await retire(forks, of: role)
      throw error
    }
  }
}

extension Chain {
  /// The chain with a passage that is not part of it yet.
  fileprivate func appending(_ passage: Passage, as reasoner: Reasoner) throws -> Chain {
    var chain = self
    for thought in passage.thoughts { chain.append(try reasoner.reading(thought)) }
    return chain
  }
}
