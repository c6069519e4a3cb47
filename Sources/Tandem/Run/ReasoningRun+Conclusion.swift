/// The end of the thinking, and the answer.
extension ReasoningRun {
  /// Ends the thinking if it has not ended, and lets `role` write the answer. A strategy that concludes while the
  /// budget is not spent ends the thinking by its own rule, and the outcome is not `isTruncated`.
  ///
  /// If the thinking has not ended, the answer begins with `beginning`, unless the problem has a beginning of its own.
  public mutating func conclude(by role: Role, beginning: String = "") async throws {
    guard !chain.isComplete else { return }
    if chain.segment == .answer { noteDeadline() }
    if chain.segment == .thinking { try await land() }
    guard try endThinking(for: role, beginning: beginning) else { return }
    guard tokensLeft > 0, try reasoner(role).room(after: chain) > 0 else { return }
    try accept(try await write(role, upTo: .endOfSegment))
  }

  /// Ends the thinking if it has not ended, so that `role` can write an answer that begins with `beginning`. False if
  /// there is to be none: a model that does not mark its thinking has answered in it.
  mutating func endThinking(for role: Role, beginning: String = "") throws -> Bool {
    guard chain.segment == .thinking else { return true }
    noteCut()
    let isMarked = try reasoner(role).format.closing != nil
    guard isMarked || thinkingBudget == 0, budget.whenSpent == .answer || budget.thinkingTokens == 0 else {
      return false
    }
    try accept(try closing(for: role, beginning: reasoner(role).beginning.isEmpty ? beginning : ""))
    return true
  }

  /// The inserted text that ends the thinking after the chain and `passage`, and begins the answer with `beginning`, or
  /// else with that of the problem.
  public func closing(
    after passage: Passage = .empty, for role: Role, beginning: String = ""
  ) throws -> Passage {
    let isFirst = chain.thoughts.isEmpty && passage.thoughts.isEmpty
    let landing = budget.thinkingTokens > 0 ? budget.landingText : ""
    let gap = isFirst || chain.endsWithBlankLine(followedBy: passage.text) ? "" : "\n\n"
    let end = try inserted(gap + landing, ending: .endOfThinking, in: .thinking)
    let reasoner = try reasoner(role)
    if beginning.isEmpty, let opening = try reasoner.opening() { return end + Passage([opening]) }
    let isRuled = reasoner.rules.grammar != nil  // and nobody else's words may stand in it
    let prefix = isRuled ? reasoner.format.transition : (budget.answerPrefix ?? reasoner.format.transition) + beginning
    return prefix.isEmpty ? end : end + (try inserted(prefix, in: .answer))
  }

  /// Lets the last author finish the thought, if the budget is spent in the middle of it; or the large model, if it was
  /// asked to take over.
  private mutating func land() async throws {
    guard budget.landingTokens > 0, thinkingLeft <= 0, !chain.endsWithBlankLine(), !chain.isComplete,
      !isPastDeadline,
      let role = handle.isHandedOver ? .large : chain.thoughts.last?.role
    else { return }
    landing = budget.landingTokens - thinkingLeft
    try accept(try await write(role, upTo: .boundary(atMost: budget.landingTokens)))
    landing = 0
  }

  /// Records what ends thinking that is still open. If it could continue, the strategy has chosen to end it; otherwise
  /// the budget, the deadline or a request has cut it. A budget of 0 asks for none, so that nothing is cut.
  mutating func noteCut() {
    isTruncated = !canThink && budget.thinkingTokens > 0
    if isTruncated { noteDeadline() }
  }

  /// Records whether the deadline cuts the thinking, or an answer that is begun, and nothing else has cut it before.
  private mutating func noteDeadline() {
    let isOpen = chain.segment == .thinking ? !handle.isEnding : chain.hasAnswer
    if isOpen, tokensLeft > 0, isPastDeadline { isLate = true }
  }
}

extension Chain {
  /// Whether a model has begun the answer.
  fileprivate var hasAnswer: Bool { thoughts.contains { $0.segment == .answer && $0.role != nil } }
}
