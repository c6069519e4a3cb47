import TandemInference

/// One problem being solved: the chain, what is left of the budget, and the two models.
///
/// A strategy asks it for passages and accepts or rejects each. The calls that change the chain also record the event,
/// so that a trace cannot disagree with what happened.
public struct ReasoningRun {
  /// The problem to solve.
  public let problem: Problem
  /// How much the run may write.
  public let budget: Budget
  /// The accepted thoughts so far.
  public internal(set) var chain = Chain()
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
  /// The models whose sessions were taken over from earlier runs and not used yet.
  private var unread: Set<Role> = []
  /// The counts of sessions that are closed already.
  var retired: [Role: EngineCounters] = [:]
  private var phase: (name: Phase, since: ContinuousClock.Instant)?
  private var phases: [Phase: Double] = [:]
  private let seed: UInt64
  /// Seconds after which nothing more is thought: the budget's, or the strategy's own.
  private var deadline: Double?
  /// Whether the deadline has cut the run.
  var isLate = false
  /// Tokens allowed beyond the budget, for the beginning of the answer that the problem has.
  var beginningTokens = 0
  /// Tokens allowed beyond the budget, for a soft landing.
  var landing = 0
  /// What the strategy has neither accepted nor rejected yet.
  var undecided = Undecided()
  /// The number of drafts and trials so far.
  private var paths = 0
  /// The most tokens of thinking that the budget and the strategy allow.
  var thinkingLimit: Int
  /// The tokens of thinking that fit into every window.
  var fittingTokens = Int.max
  /// What the strategy puts into each model's window.
  var needs: [Role: WindowNeed] = [:]
  /// The tokens that stay free beside the thinking, in each model's window.
  var reserved: [Role: Int] = [:]

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
    thinkingLimit = budget.thinkingTokens
    generator = SplitMix64(seed: SplitMix64.derive(seed, .max))
    for (role, reasoner) in reasoners {
      guard let resumed = reasoner.resumed else { continue }
      held[role] = resumed.tokens
      // What the session did for earlier runs is no cost of this one.
      retired[role] = EngineCounters() - resumed.counters
      unread.insert(role)
    }
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

  /// Lowers the run's time limit. A run whose thinking or begun answer it cuts ends with `.deadline`. If the thinking
  /// has ended by then and no answer is begun, it cuts nothing: the answer is written, and its end is the run's.
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
  /// The thinking budget shrinks to the window. Throws `noRoom` if not even an answer fits beside the prompt.
  public mutating func pose(_ problem: Problem, to role: Role) throws {
    let reasoner = try reasoner(role).posed(problem)
    try checkRoom(for: reasoner)
    reasoners[role] = reasoner
    noteRoom()
  }

  // MARK: - For the solver and for writing

  /// Counts the tokens of a model's prompt that its session holds from an earlier run, the first time it is used.
  mutating func noteCached(_ role: Role) throws {
    guard unread.remove(role) != nil else { return }
    usage[role].cached = try reasoner(role).cachedPromptCount(held: held[role] ?? [])
  }

  /// A seed for the next thing that is drawn.
  mutating func nextSeed() -> UInt64 {
    writes += 1
    return SplitMix64.derive(seed, writes)
  }

  /// Takes back the last `count` seeds, which were not used.
  mutating func giveBackSeeds(_ count: Int) { writes -= UInt64(max(0, count)) }

  /// What streams the text of the next `count` drafts or trials of a model, each with an index of its own.
  mutating func feeds(_ count: Int, of role: Role) -> [@Sendable (String, Segment, Bool) -> Void] {
    defer { paths += count }
    return (paths..<paths + count).map { [emit, author = Author(role)] path in
      { text, segment, _ in
        emit(.text(TextDelta(text: text, author: author, segment: segment, isTentative: true, path: path)))
      }
    }
  }

  /// Adds the time since `start` to a model's costs.
  mutating func spend(_ start: ContinuousClock.Instant, by role: Role) {
    usage[role].seconds += start.duration(to: .now) / .seconds(1)
  }

  /// How the run ended, with the counts of its sessions.
  mutating func outcome(isCancelled: Bool = false, failed: Bool = false) async -> Outcome {
    for (role, reasoner) in reasoners {
      // A cancelled or failed write is in no passage, and only the engine counts what it evaluated again. In a task of
      // its own, since a session refuses calls from one that is cancelled.
      let counted = await Task { await reasoner.session.counters }.value + retired[role, default: .init()]
      usage[role].discarded += counted.sampled - usage[role].sampled
      usage[role].reevaluated += counted.prefilled - usage[role].prefilled
      usage[role].ahead = counted.ahead
      usage[role].proposals = counted.proposals
      usage[role].server = counted.server
    }
    endPhase()
    let answersWhileThinking = isUnmarked && chain.segment == .thinking && chain.isComplete
    let answer = (answersWhileThinking ? chain.thinking : chain.answer).trimmingWhitespace
    return Outcome(
      finish: finish(isCancelled, failed), answer: answer.isEmpty ? nil : answer, isTruncated: isTruncated,
      usage: usage, seconds: started.duration(to: .now) / .seconds(1), phases: phases.isEmpty ? nil : phases,
      thinkingBudget: reasoners.isEmpty ? nil : thinkingBudget, stop: chain.thoughts.last?.stop)
  }

  /// Closes the sessions.
  func close() async {
    for reasoner in reasoners.values { await reasoner.session.close() }
  }

  /// Leaves the sessions in `places` for the next run of the conversation.
  func leave(in places: RunPlaces, _ participants: [Role: Participant]) async {
    for (role, reasoner) in reasoners {
      guard let participant = participants[role] else { continue }
      await places.keep(reasoner.session, role, participant)
    }
  }

  private func finish(_ isCancelled: Bool, _ failed: Bool) -> FinishReason {
    if failed { return .error }
    if isCancelled { return .cancelled }
    if isLate { return .deadline }
    if isTruncated { return handle.isEnding ? .stop : .budget }
    return chain.isComplete ? .stop : .length
  }

  // MARK: - Limits

  var thinkingLeft: Int { min(thinkingLimit - chain.tokenCount(of: .thinking), windowLeft) }
  var tokensLeft: Int {
    chain.segment == .thinking ? thinkingLeft : budget.answerTokens + beginningTokens - chain.tokenCount(of: .answer)
  }

  var isPastDeadline: Bool {
    // As numbers: a Duration of more seconds than it can hold, such as infinitely many, would end the process.
    deadline.map { started.duration(to: .now) / .seconds(1) > $0 } ?? false
  }

  /// Whether a model does not mark its thinking, and so answers within it.
  var isUnmarked: Bool { reasoners.values.contains { $0.format.closing == nil } }

  func reasoner(_ role: Role) throws -> Reasoner {
    guard let reasoner = reasoners[role] else {
      throw ReasoningError.missing(
        requirement: "a \(role.rawValue) model", strategy: "this strategy", model: "the pair")
    }
    return reasoner
  }
}
