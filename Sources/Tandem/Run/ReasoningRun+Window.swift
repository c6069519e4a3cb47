public import TandemInference

/// The models' windows: how much of what the budget allows fits into them.
///
/// The answer's tokens are reserved, then what the strategy needs; the thinking has what is left. So no run fails in
/// the middle because a window is full.
extension ReasoningRun {
  /// The most tokens of thinking that the budget, the strategy and the models' windows allow. The outcome tells it.
  public var thinkingBudget: Int { min(thinkingLimit, fittingTokens) }

  /// Lowers the thinking budget of the run. Thinking that is cut so is truncated, as by the budget itself.
  public mutating func limitThinking(toTokens tokens: Int) { thinkingLimit = min(thinkingLimit, max(tokens, 0)) }

  /// The most tokens that a session of `role` can hold.
  public func window(of role: Role) throws -> Int { try reasoner(role).model.contextSize }

  /// The tokens of `passage` in the vocabulary of `role`.
  public func tokenCount(of passage: Passage, for role: Role) throws -> Int {
    let reasoner = try reasoner(role)
    return try passage.thoughts.reduce(0) { try $0 + reasoner.count(of: $1) }
  }

  /// The tokens of a prompt in the vocabulary of `role`.
  public func tokenCount(of parts: [PromptPart], for role: Role) throws -> Int {
    try reasoner(role).model.tokenizer.encode(parts).count
  }

  /// The tokens of the turn in which `judge(_:by:asking:beginning:for:keepingIf:)` asks `role` about a passage.
  public func tokenCount(ofAsking question: String, beginning: String, by role: Role) throws -> Int {
    try reasoner(role).turn(asking: question, beginning: beginning, after: problem).count
  }

  /// The same need of every model of the run.
  public func needs(_ need: (Role) throws -> WindowNeed) rethrows -> [Role: WindowNeed] {
    var needs: [Role: WindowNeed] = [:]
    for role in reasoners.keys { needs[role] = try need(role) }
    return needs
  }

  /// The most tokens of thinking that would fit if `role` had this problem instead of its own; less than 1 if none
  /// would.
  public func room(posing problem: Problem, to role: Role) throws -> Int {
    let reasoner = try reasoner(role)
    return try windowLeft(of: reasoner) + reasoner.promptCount - reasoner.posed(problem).promptCount
  }

  /// The beginning of `text` that is at most `count` tokens in the vocabulary of `role`.
  public func shortened(_ text: String, toTokens count: Int, for role: Role) throws -> String {
    let tokenizer = try reasoner(role).model.tokenizer
    let tokens = try tokenizer.encode(text, control: .asText)
    guard tokens.count > count else { return text }
    var detokenizer = Detokenizer(tokenizer)
    return tokens.prefix(max(count, 0)).reduce(into: "") { $0 += detokenizer.append($1) }
  }

  // MARK: - For the solver

  /// Takes note of what the strategy needs, and throws `noRoom` if an answer does not fit into every window.
  mutating func fit(_ needs: [Role: WindowNeed]) throws {
    self.needs = needs
    reserved = try reserve()
    noteRoom()
    for reasoner in reasoners.values { try checkRoom(for: reasoner) }
  }

  /// Throws `noRoom` if the prompt of `reasoner`, what is always inserted and the answer do not fit into its window.
  func checkRoom(for reasoner: Reasoner) throws {
    let inserted = try closingCount(for: reasoner) + needs[reasoner.role, default: .init()].always + beginningTokens
    let (prompt, window) = (reasoner.promptCount, reasoner.model.contextSize)
    guard prompt + inserted + budget.answerTokens <= window else {
      throw ReasoningError.noRoom(
        model: reasoner.model.name, prompt: prompt + inserted, answer: budget.answerTokens, window: window)
    }
  }

  // MARK: - What is left

  /// The tokens of thinking that fit into every window beside what is reserved.
  var windowLeft: Int { reasoners.values.map(windowLeft).min() ?? .max }

  /// Takes note of the thinking that fits into every window beside the prompts as they are now.
  mutating func noteRoom() {
    if !reasoners.isEmpty { fittingTokens = max(0, chain.tokenCount(of: .thinking) + windowLeft) }
  }

  /// The same for one model.
  func windowLeft(of reasoner: Reasoner) -> Int {
    reasoner.room(after: chain) - (reserved[reasoner.role] ?? 0) - (isForeign(reasoner) ? Self.expansion : 0)
  }

  /// Whether another model writes in a vocabulary that is not this one's.
  private func isForeign(_ reasoner: Reasoner) -> Bool {
    reasoners.values.contains { $0.vocabulary != reasoner.vocabulary }
  }

  /// More tokens than one token of another vocabulary, or a delimiter that was begun, becomes in a model's own.
  private static let expansion = 32

  /// The models that `writer` must leave room for, since they read its thinking in a vocabulary of their own.
  func readers(of writer: Role) throws -> [ForeignReader] {
    let vocabulary = try reasoner(writer).vocabulary
    return reasoners.values.filter { $0.vocabulary != vocabulary }
      .map { ForeignReader(reasoner: $0, room: windowLeft(of: $0)) }
  }

  /// The tokens that stay free beside the thinking, in the window of each model.
  private func reserve() throws -> [Role: Int] {
    var reserved: [Role: Int] = [:]
    // Models that do not mark their thinking answer within it.
    let isAnswered = reasoners.values.contains { $0.format.closing != nil } || budget.thinkingTokens == 0
    for (role, reasoner) in reasoners {
      let need = needs[role, default: .init()]
      let gap = try reasoner.encode("\n\n", .boundary).count
      let closing = try closingCount(for: reasoner) + need.always + beginningTokens
      let answer = isAnswered ? closing + budget.answerTokens + Reasoner.completionTokens : 0
      let landing = budget.landingTokens > 0 ? budget.landingTokens + Reasoner.completionTokens : 0
      reserved[role] = need.inserted + Reasoner.completionTokens + landing + max(answer, need.aside + gap)
    }
    return reserved
  }

  /// The most tokens that close the thinking before an answer; what is inserted after them is part of the answer.
  private func closingCount(for reasoner: Reasoner) throws -> Int {
    guard reasoners.values.contains(where: { $0.format.closing != nil }) else { return 0 }
    return try reasoner.encode("\n\n" + budget.landingText, .endOfThinking).count
  }
}

extension Reasoner {
  /// The tokens of a thought in this model's vocabulary.
  func count(of thought: Thought) throws -> Int {
    try thought.tokens[vocabulary]?.count ?? encode(thought.text, thought.ending).count
  }

  /// The tokens that its window has left after the prompt and a chain of accepted thoughts.
  func room(after chain: Chain) -> Int {
    model.contextSize - promptCount - chain.tokenCount(in: vocabulary)
  }
}
