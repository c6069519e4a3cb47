import TandemInference

/// Writing, and what becomes part of the chain.
extension ReasoningRun {
  /// Lets a model think, and keeps what it writes, until it ends its thinking or may not continue.
  public mutating func think(by role: Role) async throws {
    while canThink { try accept(try await write(role, upTo: .endOfSegment)) }
  }

  /// Lets a model continue the chain; nothing is kept until it is accepted.
  ///
  /// Text that is not tentative is streamed as final, and can't be taken back: such a passage must be accepted.
  ///
  /// - Parameters:
  ///   - role: Who writes.
  ///   - stop: Where the model stops, unless its turn or the budget ends earlier.
  ///   - isTentative: Whether it is a probe that may be rejected.
  public mutating func write(_ role: Role, upTo stop: Stop, isTentative: Bool = false) async throws -> Passage {
    try checkHandOver()
    try beginTurn(of: role)
    let reasoner = try reasoner(role)
    let clock = ContinuousClock.now
    defer { spend(clock, by: role) }
    let author = Author(role)
    var stop = stop.answering(atMost: budget.answerTokens)
    // Between the two stands a text that no model writes.
    if !reasoner.beginning.isEmpty { stop.crossesIntoAnswer = false }
    try noteCached(role)
    let seeds = (0..<stop.boundaries).map { _ in nextSeed() }
    let written = try await reasoner.write(
      after: chain, upTo: stop, limit: tokensLeft + landing, seed: seeds[0], later: Array(seeds.dropFirst()),
      held: held[role] ?? [], until: handle, readers: readers(of: role)
    ) { [emit] text, segment, isHeld in
      emit(.text(TextDelta(text: text, author: author, segment: segment, isTentative: isTentative || isHeld)))
    }
    // As many as if each thought had been asked for by itself.
    if stop.boundaries > 1 { giveBackSeeds(stop.boundaries - written.passage.thoughts.count) }
    usage[role] = usage[role] + written.evaluated
    held[role] = written.held
    try note([written.passage], isTentative: isTentative)
    return written.passage
  }

  /// Makes a passage part of the chain.
  public mutating func accept(_ passage: Passage) throws {
    try accept(passage.thoughts)
  }

  /// Makes a passage part of the chain, but not the end of thinking at its end: what follows is still thinking.
  public mutating func accept(_ passage: Passage, resistingItsEndBecause reason: Reason) throws {
    guard let last = passage.thoughts.last, last.ending == .endOfThinking, let role = last.role else {
      return try accept(passage)
    }
    // Less than all of the delimiter if a limit cut it.
    let (open, end) = last.split(beforeEnd: min(try reasoner(role).closing.count, last.tokenCount))
    try accept(passage.thoughts.dropLast() + [open])
    reject(Passage([end]), because: reason)
  }

  private mutating func accept(_ thoughts: [Thought]) throws {
    for thought in thoughts {
      if let role = thought.role {
        if thought.segment == .thinking {
          usage[role].thinking += thought.tokenCount
        } else {
          usage[role].answer += thought.tokenCount
        }
      }
      decide(thought)
      // The tokens of every model are computed here, once.
      var read = thought
      for reasoner in reasoners.values { read = try reasoner.reading(read) }
      chain.append(read)
      emit(.accepted(thought))
    }
    try beginAnswer()
    try warmUp(after: thoughts.last?.role)
  }

  /// Lets the models that did not write read on meanwhile, if their engines can.
  private func warmUp(after author: Role?) throws {
    for (role, reasoner) in reasoners where role != author && canWrite {
      guard let session = reasoner.session.interface((any WarmingSession).self) else { continue }
      session.warmUp(with: try reasoner.read(chain))
    }
  }

  /// Drops a passage and records the reason.
  public mutating func reject(_ passage: Passage, because reason: Reason) {
    for thought in passage.thoughts {
      if let role = thought.role { usage[role].discarded += thought.tokenCount }
      decide(thought)
      emit(.rejected(thought, reason))
    }
  }

  private mutating func decide(_ thought: Thought) {
    if let role = thought.role, let author = reasoners[role] { undecided.remove(thought, by: author) }
  }

  /// Makes text that no model wrote part of the chain.
  public mutating func insert(_ text: String, ending: Thought.Ending = .limit) throws {
    try releaseHeld()
    try accept(try inserted(text, ending: ending, in: chain.segment))
  }

  /// Text that no model wrote, as a passage that is not in the chain: for an `attempt` after it.
  public func inserted(_ text: String, ending: Thought.Ending = .limit, in segment: Segment) throws -> Passage {
    guard let reader = reasoners[.small] ?? reasoners[.large] else { return Passage([]) }
    let count = try reader.encode(text, ending).count
    return Passage([Thought(text: text, author: .inserted, segment: segment, ending: ending, tokenCount: count)])
  }

  /// Records that `role` takes over.
  public func handOver(to role: Role, because reason: Reason) { emit(.handedOver(to: role, reason)) }
}

extension Thought {
  var role: Role? {
    switch author {
    case .small: .small
    case .large: .large
    case .inserted: nil
    }
  }
}
