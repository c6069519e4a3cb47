public import TandemInference

/// Continuations that a model tries out apart from the chain.
extension ReasoningRun {
  /// Lets a model continue the chain and `passage` `count` times at once; nothing is kept.
  ///
  /// Forks of its session write, so that its own cache stays as it is, whatever it holds beyond the chain. The tokens
  /// that they evaluate are `scored`. The caller rejects what they write, or passes it to `conclude(with:by:)`.
  ///
  /// `passage` is text that is not in the chain, or not yet: a question, a forced end of thinking, a part of a draft.
  /// `sampling` says how tokens are drawn; nil is the model's own way.
  public mutating func attempt(
    _ role: Role, count: Int = 1, after passage: Passage = .empty, upTo stop: Stop,
    sampling: SamplingParameters? = nil
  ) async throws -> [Passage] {
    try checkHandOver()
    var reasoner = try reasoner(role)
    let clock = ContinuousClock.now
    defer { spend(clock, by: role) }
    try await hold(role)
    if let sampling { reasoner.options.sampling = sampling }
    var start = chain
    for thought in passage.thoughts { start.append(try reasoner.reading(thought)) }
    let room = start.segment == .answer ? budget.answerTokens : stop.tokens ?? max(thinkingLeft, 1)
    let (seeds, feeds) = ((0..<count).map { _ in nextSeed() }, feeds(count, of: role))
    let forks = try await reasoner.forks(count)
    let passages: [Passage]
    do {
      let written = try await withThrowingTaskGroup(of: (Int, Passage).self) { [start, handle] group in
        for (index, fork) in forks.enumerated() {
          group.addTask {
            let written = try await fork.write(
              after: start, upTo: stop, limit: room, seed: seeds[index], held: [], until: handle,
              isWhole: true, text: feeds[index])
            return (index, written.passage)
          }
        }
        return try await group.reduce(into: [Int: Passage]()) { $0[$1.0] = $1.1 }
      }
      usage[role].scored += await retire(forks, of: role).prefilled
      passages = written.sorted { $0.key < $1.key }.map(\.value)
    } catch {
      _ = await retire(forks, of: role)
      throw error
    }
    try note(passages, isTentative: true)
    return passages
  }

  /// Ends the thinking if it has not ended, and accepts an answer that `role` has tried out after the same end.
  public mutating func conclude(with answer: Passage, by role: Role) throws {
    if chain.segment == .thinking {
      noteCut()
      try accept(try closing(for: role), triedBy: role)
    }
    try accept(answer)
  }

  /// Makes text that no model wrote part of the chain, after which `role` has tried something out.
  mutating func accept(_ inserted: Passage, triedBy role: Role) throws {
    try accept(inserted)
    // Its tokens were evaluated for that, and are part of the chain now.
    let count = try inserted.thoughts.reduce(0) { try $0 + reasoner(role).encode($1.text, $1.ending).count }
    usage[role].scored -= count
    usage[role].inserted += count
  }

  /// The first `count` tokens of what `role` wrote, and the rest.
  public func split(_ passage: Passage, by role: Role, at count: Int) throws -> (head: Passage, tail: Passage) {
    try reasoner(role).split(passage, at: count)
  }

  /// What `role` wrote before the word of `words` at which it stopped, and that word; nil if it stopped at something
  /// else.
  public func split(
    _ passage: Passage, by role: Role, before words: [String]
  ) throws -> (head: Passage, word: Passage)? {
    let reasoner = try reasoner(role)
    guard let length = reasoner.length(ofLast: words, in: passage) else { return nil }
    let (head, word) = reasoner.split(passage, at: passage.tokenCount - length)
    return (head, word)
  }

  /// Makes a model's session hold the chain. Whatever it holds beyond the chain stays.
  @discardableResult
  mutating func hold(_ role: Role) async throws -> [Token] {
    let reasoner = try reasoner(role)
    try noteCached(role)
    let (read, old) = (try reasoner.read(chain), held[role] ?? [])
    let tokens = old.commonPrefixCount(with: read) == read.count ? old : read
    try await reasoner.enter(chain.segment)
    try await reasoner.session.extend(to: tokens)
    reasoner.classify(tokens.count - old.commonPrefixCount(with: tokens), of: chain, into: &usage[role])
    held[role] = tokens
    return tokens
  }
}
