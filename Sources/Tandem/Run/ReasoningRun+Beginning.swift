import TandemInference

/// The text with which the answer has to begin, if the problem has one: no model writes it.
extension ReasoningRun {
  /// What follows thinking that `role` ends by itself: nothing, unless the problem has a beginning of the answer.
  public func opening(by role: Role) throws -> Passage {
    Passage([try reasoner(role).opening()].compactMap(\.self))
  }

  /// Begins the answer if a model has just ended its thinking.
  mutating func beginAnswer() throws {
    guard let last = chain.thoughts.last, last.ending == .endOfThinking, let role = last.role else { return }
    let opening = try opening(by: role)
    if !opening.thoughts.isEmpty { try accept(opening) }
  }

  /// Allows for the beginning beside the budget: the answer may have as many tokens as without it, and so may the whole
  /// turn of a model that does not mark its thinking.
  mutating func allowForBeginning() throws {
    beginningTokens = try reasoners.values.map { try $0.opening()?.tokenCount ?? 0 }.max() ?? 0
    if isUnmarked, budget.thinkingTokens > 0 { thinkingLimit += beginningTokens }
  }

  /// Begins the turn, if a model does not mark its thinking and all of the turn is the answer.
  mutating func beginTurn(of role: Role) throws {
    let text = try reasoner(role).beginning
    guard isUnmarked, chain.thoughts.isEmpty, !text.isEmpty else { return }
    try accept(try inserted(text, in: .thinking))
  }
}

extension Reasoner {
  /// The beginning of the answer, with what this model writes before an answer; nil if the problem has none.
  func opening() throws -> Thought? {
    guard !beginning.isEmpty else { return nil }
    let text = format.transition + beginning
    let tokens = try encode(text, .limit)
    return Thought(
      text: text, author: .inserted, segment: .answer, ending: .limit, tokenCount: tokens.count,
      tokens: [vocabulary: tokens])
  }
}
