/// A draft of a recorded run: a chain of thought that was written beside others, and chosen or not.
public struct Draft: Sendable, Hashable, Codable {
  /// Tokens of its thinking.
  public var tokens = 0
  /// Whether it came to its own end of thinking.
  public var isComplete = false
  /// What its author answered after it; nil where nobody asked.
  public var answer: String?
  public var isChosen = false
}

extension Trace {
  /// The drafts that a choice was made among, in the order in which they were drawn; empty where there was none.
  ///
  /// Those not chosen are recorded as rejected in that order, each with its answer if it has one; the chosen one as
  /// accepted, and its answer as rejected.
  public var drafts: [Draft] {
    guard let place = events.firstIndex(where: { $0.choiceAmongDrafts != nil }),
      let selection = events[place].choiceAmongDrafts
    else { return [] }
    var (others, chosen) = ([Draft](), Draft(isChosen: true))
    var isAccepting = false
    for event in events[place...] {
      switch event {
      case .rejected(let thought, .notChosen):
        if thought.segment == .thinking { others.append(Draft(thought)) }
        if thought.segment == .answer, isAccepting { chosen.answer = thought.text }
        if thought.segment == .answer, !isAccepting, !others.isEmpty { others[others.count - 1].answer = thought.text }
      case .accepted(let thought) where thought.author == .small && thought.segment == .thinking:
        isAccepting = true
        chosen = Draft(thought)
        chosen.isChosen = true
      default: break
      }
    }
    if let index = selection.chosen, index <= others.count { others.insert(chosen, at: index) }
    return others
  }

  /// The choice among drafts; nil where there was none.
  public var selection: Selection? { events.lazy.compactMap(\.choiceAmongDrafts).first }
}

extension Event {
  /// A choice among whole drafts: marks of steps, trial answers and votes are others.
  fileprivate var choiceAmongDrafts: Selection? {
    guard case .selected(let selection) = self, SpeculativeCoT.Selector(rawValue: selection.method) != nil else {
      return nil
    }
    return selection
  }
}

extension Draft {
  fileprivate init(_ thought: Thought) {
    tokens = thought.tokenCount
    isComplete = thought.ending == .endOfThinking
  }
}
