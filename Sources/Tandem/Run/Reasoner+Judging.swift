import TandemInference

/// What a model can do besides continuing the chain: write several times, and judge what another model wrote.
extension Reasoner {
  /// This reasoner, and `count − 1` more whose sessions share its cache: it is made to hold `chain` first.
  ///
  /// Returns the cost of that too. The caller closes the branches.
  func branches(_ count: Int, after chain: Chain, held: [Token]) async throws -> (all: [Reasoner], cost: RoleUsage) {
    let prefix = try read(chain)
    var cost = RoleUsage()
    classify(prefix.count - held.commonPrefixCount(with: prefix), of: chain, into: &cost)
    try await enter(chain.segment)
    try await session.extend(to: prefix)
    let others = try await forks(max(count, 1) - 1)
    return ([self] + others, cost)
  }

  /// Closes the sessions and returns the sum of their counts.
  static func close(_ branches: some Sequence<Reasoner>) async -> EngineCounters {
    var sum = EngineCounters()
    for branch in branches {
      // In a task of its own, since a session refuses calls from one that is cancelled.
      sum = sum + (await Task { await branch.session.counters }.value)
      await branch.session.close()
    }
    return sum
  }

  /// The ln p of each token of `thought`, as this model would write it after the tokens of its session.
  func likelihoods(of thought: Thought) async throws -> [Float] {
    try await scoring.score(try reading(thought).tokens[vocabulary] ?? [])
  }

  var scoring: any ScoringSession {
    get throws { try session.require((any ScoringSession).self, .score, of: model) }
  }

  /// `count` reasoners whose sessions share this one's cache. The caller closes them.
  func forks(_ count: Int) async throws -> [Reasoner] {
    var forks: [Reasoner] = []
    do {
      for _ in 0..<count { forks.append(with(try await session.fork())) }
    } catch {
      _ = await Self.close(forks)
      throw error
    }
    return forks
  }

  /// This model in a session of its own with its selector adapter on. The caller closes it.
  func judge() async throws -> Reasoner { with(try await model.makeSession(adapter: selector)) }

  /// The probabilities of `labels` as the next token after `parts`, of which only the last row is read. Closes the session.
  ///
  /// Throws `unsuitable` if a label is more than one token.
  func answer(_ parts: [PromptPart], by labels: [String]) async throws -> (odds: [Float], counters: EngineCounters) {
    do {
      let odds = try await odds(of: labels, after: try model.tokenizer.encode(parts))
      return (odds, await Self.close([self]))
    } catch {
      _ = await Self.close([self])
      throw error
    }
  }

  /// The probabilities of `labels` as the next token after `tokens`, which the session then holds. They add up to 1.
  func odds(of labels: [String], after tokens: [Token]) async throws -> [Float] {
    let candidates = try self.tokens(of: labels)
    guard tokens.count <= model.contextSize else {
      throw EngineError.contextFull(needed: tokens.count, capacity: model.contextSize)
    }
    try await session.extend(to: tokens)
    let row = try await scoring.logProbabilities(of: candidates)
    guard let best = row.max(), best > -.infinity else {
      throw ReasoningError.unsuitable(model: model.name, reason: "it would write none of the labels \(labels)")
    }
    // Among the labels alone: SCoT's Eq. (3).
    let weights = row.map { TokenReading.probability($0 - best) }
    let sum = weights.reduce(0, +)
    return weights.map { $0 / sum }
  }

  /// Throws `unsuitable` if a label is more than one token.
  func tokens(of labels: [String]) throws -> [Token] {
    try labels.map { label in
      let tokens = try model.tokenizer.encode(label, control: .asText)
      guard tokens.count == 1 else {
        throw ReasoningError.unsuitable(
          model: model.name, reason: "the label '\(label)' is \(tokens.count) tokens in its vocabulary, and must be one"
        )
      }
      return tokens[0]
    }
  }

  /// The tokens that the template puts after the model's own turn if the user then asks `question`, up to `beginning`,
  /// with which the model begins its reply. Its thinking is opened.
  ///
  /// Throws `unsuitable` if the template leaves out what an assistant said.
  func turn(asking question: String, beginning: String, after problem: Problem) throws -> [Token] {
    let mark = "(what the assistant said)"
    let messages = problem.promptMessages + [Message(.assistant, mark), Message(.user, question)]
    let parts = try model.template.render(messages, tools: problem.tools, variables: variables)
    guard let place = parts.lastIndex(where: { $0.text.contains(mark) && $0.text != question }) else {
      throw ReasoningError.unsuitable(model: model.name, reason: "its template leaves out what an assistant has said")
    }
    let turn = format.primed(Array(parts[(place + 1)...])) + [PromptPart(beginning, isInput: false)]
    return try turn.flatMap { try model.tokenizer.encode($0.text, control: $0.isInput ? .asText : .recognised) }
  }
}
