/// Thrown through a strategy, which then has no further say: the large model is to take over.
struct HandOverRequest: Error {}

/// A hand-over that was requested from outside.
extension ReasoningRun {
  /// Throws if the large model is to take over now.
  func checkHandOver() throws(HandOverRequest) {
    if handle.isHandingOver { throw HandOverRequest() }
  }

  /// Keeps in mind what was written until the strategy has decided about it.
  ///
  /// Throws if the large model is to take over now: the strategy need not decide any more.
  mutating func note(_ passages: [Passage], isTentative: Bool) throws(HandOverRequest) {
    for passage in passages { undecided.add(passage, isTentative: isTentative) }
    try checkHandOver()
  }

  /// Lets the large model think on to the end and answer, in place of the strategy.
  mutating func handOverOnRequest() async throws {
    handle.noteHandOver()
    landing = 0
    // What was streamed as final stays.
    for (thought, isTentative) in undecided.thoughts {
      if isTentative { reject(Passage([thought]), because: .requested) } else { try accept(Passage([thought])) }
    }
    handOver(to: .large, because: .requested)
    // A strategy may have posed it another problem, such as to plan.
    try pose(problem, to: .large)
    try await think(by: .large)
    try await conclude(by: .large)
  }
}

/// What the models have written and the strategy has neither accepted nor rejected.
struct Undecided {
  private(set) var thoughts: [(thought: Thought, isTentative: Bool)] = []

  mutating func add(_ passage: Passage, isTentative: Bool) {
    thoughts += passage.thoughts.filter { $0.role != nil }.map { ($0, isTentative) }
  }

  /// Notes that `thought`, by `author`, was accepted or rejected: one of these, or the first part of one.
  mutating func remove(_ thought: Thought, by author: Reasoner) {
    let own = thought.tokens[author.vocabulary] ?? []
    let places = thoughts.indices.filter {
      let other = thoughts[$0].thought
      return other.author == thought.author && other.segment == thought.segment
        && other.tokens[author.vocabulary]?.starts(with: own) == true
    }
    if let place = places.first(where: { thoughts[$0].thought.tokenCount == thought.tokenCount }) {
      thoughts.remove(at: place)
    } else if let place = places.first, !own.isEmpty {
      let (whole, isTentative) = thoughts[place]
      let rest = author.split(Passage([whole]), at: thought.tokenCount).tail
      thoughts.replaceSubrange(place...place, with: rest.thoughts.map { ($0, isTentative) })
    }
  }
}

extension Reason {
  /// A request from outside the run.
  public static let requested: Self = "requested"
}
