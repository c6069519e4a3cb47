/// A draft of a recorded run: one of several chains of thought, chosen or not.
public struct Draft: Sendable, Hashable, Codable {
  /// The tokens of its thinking.
  public var tokens = 0
  /// Whether its author ended the thinking.
  public var isComplete = false
  /// Its author's answer after it; nil if none was asked for.
  public var answer: String?
  /// Whether it was chosen.
  public var isChosen = false
}

extension Trace {
  /// The drafts among which a choice was made, in the order in which they were drawn; empty if there was no choice.
  public var drafts: [Draft] {
    guard let place = events.firstIndex(where: { $0.choiceAmongDrafts != nil }),
      let selection = events[place].choiceAmongDrafts
    else { return [] }
    return selection.drafts ?? drafts(of: selection, from: events[place...])
  }

  /// The drafts of a trace of an earlier version, whose choice does not have them.
  ///
  /// Those not chosen follow as rejected in the order in which they were drawn, each with its answer if it has one; the
  /// chosen one as accepted, and its answer as rejected.
  private func drafts(of selection: Selection, from events: ArraySlice<Event>) -> [Draft] {
    var (others, chosen) = ([Draft](), Draft(isChosen: true))
    var isAccepting = false
    for event in events {
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

  /// The choice among drafts; nil if there was none.
  public var selection: Selection? { events.lazy.compactMap(\.choiceAmongDrafts).first }
}

extension Event {
  /// A choice among whole drafts, as opposed to marks of steps, trial answers and votes.
  fileprivate var choiceAmongDrafts: Selection? {
    guard case .selected(let selection) = self, SpeculativeCoT.Selector(rawValue: selection.method.rawValue) != nil
    else {
      return nil
    }
    return selection
  }
}

extension Draft {
  /// A draft that was just written.
  init(_ passage: Passage, isChosen: Bool) {
    let answer = passage.answer
    self.init(
      tokens: passage.thinking.tokenCount, isComplete: passage.thinking.ending == .endOfThinking,
      answer: answer.thoughts.isEmpty ? nil : answer.text, isChosen: isChosen)
  }

  fileprivate init(_ thought: Thought) {
    tokens = thought.tokenCount
    isComplete = thought.ending == .endOfThinking
  }

  /// Reads a draft.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      tokens: try values.decodeCount(forKey: .tokens), isComplete: try values.decode(Bool.self, forKey: .isComplete),
      answer: try values.decodeIfPresent(String.self, forKey: .answer),
      isChosen: try values.decode(Bool.self, forKey: .isChosen))
  }
}
