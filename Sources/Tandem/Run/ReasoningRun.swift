import TandemInference

/// One problem being solved: the chain, what is left of the budget, and the two models.
///
/// A strategy asks it for passages and accepts or rejects each. The calls that change the chain also record the event, so
/// that a trace cannot disagree with what happened.
public struct ReasoningRun {
  /// The problem to solve.
  public let problem: Problem
  /// How much the run may write.
  public let budget: Budget
  /// The accepted thoughts so far.
  public private(set) var chain = Chain()
  /// The costs so far.
  public internal(set) var usage = Usage()
  /// Whether the thinking was cut before a model ended it.
  public internal(set) var isTruncated = false

  var reasoners: [Role: Reasoner]
  private let started = ContinuousClock.now
  let emit: @Sendable (Event) -> Void
  let handle: ThinkingHandle
  private var generator: SplitMix64
  private var writes: UInt64 = 0
  /// The tokens that each model's session holds.
  var held: [Role: [Token]] = [:]
  /// The counts of sessions that are closed already.
  var retired: [Role: EngineCounters] = [:]
  private var phase: (name: Phase, since: ContinuousClock.Instant)?
  private var phases: [Phase: Double] = [:]
  private let seed: UInt64
  /// Seconds after which nothing more is thought: the budget's, or the strategy's own.
  private var deadline: Double?
  /// Whether the deadline has cut the run.
  private var isLate = false
  /// Tokens allowed beyond the budget, for a soft landing.
  private var landing = 0

  init(
    _ problem: Problem, reasoners: [Role: Reasoner], budget: Budget, seed: UInt64,
    handle: ThinkingHandle = .init(), emit: @escaping @Sendable (Event) -> Void
  ) {
    self.problem = problem
    self.reasoners = reasoners
    self.budget = budget
    self.seed = seed
    self.handle = handle
    self.emit = emit
    deadline = budget.seconds
    generator = SplitMix64(seed: SplitMix64.derive(seed, .max))
  }

  // MARK: - What a strategy may ask

  /// Whether the thinking may continue: it has not ended, its tokens and the time are not spent, and its end was not
  /// requested.
  public var canThink: Bool {
    chain.segment == .thinking && !chain.isComplete && thinkingLeft > 0 && !handle.isEnding && !isPastDeadline
  }

  /// Whether anything may be written at all, thinking or answer.
  public var canWrite: Bool {
    chain.segment == .thinking ? canThink : !chain.isComplete && tokensLeft > 0 && !isPastDeadline
  }

  /// Whether the last thought ended with a blank line.
  public var isAtBoundary: Bool { chain.thoughts.last?.ending == .boundary }

  /// Lowers the run's time limit. A run that reaches it ends with `.deadline`.
  public mutating func limitTime(toSeconds seconds: Double) { deadline = min(seconds, deadline ?? seconds) }

  /// A number from 0 to below 1, from the run's own seed.
  public mutating func random() -> Double { Double(generator.uniform()) }

  /// Begins a phase and ends the one before. The outcome reports the seconds of each.
  public mutating func begin(_ next: Phase) {
    endPhase()
    phase = (next, .now)
  }

  private mutating func endPhase() {
    guard let phase else { return }
    phases[phase.name, default: 0] += phase.since.duration(to: .now) / .seconds(1)
    self.phase = nil
  }

  /// Changes how a model writes from now on.
  public mutating func adjust(_ role: Role, _ change: (inout WritingOptions) -> Void) {
    guard var options = reasoners[role]?.options else { return }
    change(&options)
    reasoners[role]?.options = options
  }

  /// Gives a model another problem than the run's own: with instructions, examples or a plan.
  ///
  /// Throws `contextFull` if its prompt leaves no room for what may be written.
  public mutating func pose(_ problem: Problem, to role: Role) throws {
    let reasoner = try reasoner(role).posed(problem)
    let (needed, capacity) = (reasoner.promptCount + budget.tokens, reasoner.model.contextSize)
    guard needed <= capacity else { throw EngineError.contextFull(needed: needed, capacity: capacity) }
    reasoners[role] = reasoner
  }

  /// Lets a model think, and keeps what it writes, until it ends its thinking or may not continue.
  public mutating func think(by role: Role) async throws {
    while canThink { try accept(try await write(role, upTo: .endOfSegment)) }
  }

  /// Lets a model continue the chain; nothing is kept until it is accepted.
  ///
  /// - Parameters:
  ///   - role: Who writes.
  ///   - stop: Where the model stops, unless its turn or the budget ends earlier.
  ///   - isTentative: Whether it is a probe, so that live views wait until it is accepted.
  public mutating func write(_ role: Role, upTo stop: Stop, isTentative: Bool = false) async throws -> Passage {
    let reasoner = try reasoner(role)
    let clock = ContinuousClock.now
    defer { spend(clock, by: role) }
    let author = Author(role)
    let stop = stop.answering(atMost: budget.answerTokens)
    let written = try await reasoner.write(
      after: chain, upTo: stop, limit: tokensLeft + landing, seed: nextSeed(),
      held: held[role] ?? [], until: handle
    ) { [emit] text, segment in
      emit(.text(TextDelta(text: text, author: author, segment: segment, isTentative: isTentative)))
    }
    usage[role] = usage[role] + written.evaluated
    held[role] = written.held
    return written.passage
  }

  /// A seed for the next thing that is drawn.
  mutating func nextSeed() -> UInt64 {
    writes += 1
    return SplitMix64.derive(seed, writes)
  }

  /// Adds the time since `start` to a model's costs.
  mutating func spend(_ start: ContinuousClock.Instant, by role: Role) {
    usage[role].seconds += start.duration(to: .now) / .seconds(1)
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
    let (open, end) = last.split(beforeEnd: try reasoner(role).closing.count)
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
      // The tokens of every model are computed here, once.
      var read = thought
      for reasoner in reasoners.values { read = try reasoner.reading(read) }
      chain.append(read)
      emit(.accepted(thought))
    }
  }

  /// Drops a passage and records the reason.
  public mutating func reject(_ passage: Passage, because reason: Reason) {
    for thought in passage.thoughts {
      if let role = thought.role { usage[role].discarded += thought.tokenCount }
      emit(.rejected(thought, reason))
    }
  }

  /// Makes text that no model wrote part of the chain.
  public mutating func insert(_ text: String, ending: Thought.Ending = .limit) throws {
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

  /// Ends the thinking if it has not ended, and lets `role` write the answer. A strategy that concludes while the budget
  /// is not spent ends the thinking by its own rule, and the outcome is not `isTruncated`.
  ///
  /// - Parameter beginning: The beginning of an answer that follows thinking which was cut.
  public mutating func conclude(by role: Role, beginning: String = "") async throws {
    guard !chain.isComplete else { return }
    if chain.segment == .answer { noteDeadline() }
    if chain.segment == .thinking { try await land() }
    if chain.segment == .thinking {
      noteCut()
      guard try reasoner(role).format.closing != nil, budget.whenSpent == .answer else { return }
      try accept(try closing(for: role, beginning: beginning))
    }
    guard tokensLeft > 0 else { return }
    try accept(try await write(role, upTo: .endOfSegment))
  }

  /// The inserted text that ends the thinking after the chain and `passage`, and begins the answer.
  ///
  /// - Parameter beginning: The beginning of the answer.
  public func closing(
    after passage: Passage = .empty, for role: Role, beginning: String = ""
  ) throws -> Passage {
    let isFirst = chain.thoughts.isEmpty && passage.thoughts.isEmpty
    let gap = isFirst || (chain.thinking + passage.text).hasSuffix("\n\n") ? "" : "\n\n"
    let end = try inserted(gap + budget.landingText, ending: .endOfThinking, in: .thinking)
    let prefix = try (budget.answerPrefix ?? reasoner(role).format.transition) + beginning
    return prefix.isEmpty ? end : end + (try inserted(prefix, in: .answer))
  }

  /// Lets the last author finish the thought, if the budget is spent in the middle of it.
  private mutating func land() async throws {
    guard budget.landingTokens > 0, thinkingLeft <= 0, !chain.thinking.hasSuffix("\n\n"), !chain.isComplete,
      !isPastDeadline,
      let role = chain.thoughts.last?.role
    else { return }
    landing = budget.landingTokens - thinkingLeft
    try accept(try await write(role, upTo: .boundary(atMost: budget.landingTokens)))
    landing = 0
  }

  // MARK: - For the solver

  /// Records what ends thinking that is still open. If it could continue, the strategy has chosen to end it; otherwise
  /// the budget, the deadline or a request has cut it.
  mutating func noteCut() {
    isTruncated = !canThink
    if isTruncated { noteDeadline() }
  }

  /// Records whether the deadline cuts the thinking, or an answer that is begun, and nothing else has cut it before.
  private mutating func noteDeadline() {
    let isOpen = chain.segment == .thinking ? !handle.isEnding : chain.hasAnswer
    if isOpen, tokensLeft > 0, isPastDeadline { isLate = true }
  }

  /// How the run ended, with the counts of its sessions.
  mutating func outcome(isCancelled: Bool = false, failed: Bool = false) async -> Outcome {
    for (role, reasoner) in reasoners {
      // A cancelled or failed write is in no passage, and only the engine counts what it evaluated again. In a task of
      // its own, since a session refuses calls from one that is cancelled.
      let counted = await Task { await reasoner.session.counters }.value + retired[role, default: .init()]
      usage[role].discarded += counted.sampled - usage[role].sampled
      usage[role].reevaluated += counted.prefilled - usage[role].prefilled
      usage[role].proposals = counted.proposals
    }
    endPhase()
    let answersWhileThinking = isUnmarked && chain.segment == .thinking && chain.isComplete
    let answer = (answersWhileThinking ? chain.thinking : chain.answer).trimmingWhitespace
    return Outcome(
      finish: finish(isCancelled, failed), answer: answer.isEmpty ? nil : answer, isTruncated: isTruncated,
      usage: usage, seconds: started.duration(to: .now) / .seconds(1), phases: phases.isEmpty ? nil : phases)
  }

  /// Closes the sessions.
  func close() async {
    for reasoner in reasoners.values { await reasoner.session.close() }
  }

  private func finish(_ isCancelled: Bool, _ failed: Bool) -> FinishReason {
    if failed { return .error }
    if isCancelled { return .cancelled }
    if isLate { return .deadline }
    if isTruncated { return handle.isEnding ? .stop : .budget }
    return chain.isComplete ? .stop : .length
  }

  // MARK: - Limits

  var thinkingLeft: Int { budget.thinkingTokens - chain.tokenCount(of: .thinking) }
  var tokensLeft: Int {
    chain.segment == .thinking ? thinkingLeft : budget.answerTokens - chain.tokenCount(of: .answer)
  }

  private var isPastDeadline: Bool {
    // As numbers: a Duration of more seconds than it can hold, such as infinitely many, would end the process.
    deadline.map { started.duration(to: .now) / .seconds(1) > $0 } ?? false
  }

  /// Whether a model does not mark its thinking, and so answers within it.
  private var isUnmarked: Bool { reasoners.values.contains { $0.format.closing == nil } }

  func reasoner(_ role: Role) throws -> Reasoner {
    guard let reasoner = reasoners[role] else {
      throw ReasoningError.missing(
        requirement: "a \(role.rawValue) model", strategy: "this strategy", model: "the pair")
    }
    return reasoner
  }
}

extension Chain {
  /// Whether a model has begun the answer.
  fileprivate var hasAnswer: Bool { thoughts.contains { $0.segment == .answer && $0.role != nil } }
}

extension Thought {
  fileprivate var role: Role? {
    switch author {
    case .small: .small
    case .large: .large
    case .inserted: nil
    }
  }
}
