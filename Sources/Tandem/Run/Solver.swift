public import TandemInference

/// A pair of models that solves problems.
public struct Solver: Sendable {
  /// The small model; nil if no strategy needs it.
  public var small: Participant?
  /// The large model; nil if no strategy needs it.
  public var large: Participant?
  /// How much each run may write.
  public var budget: Budget
  /// What each answer must look like, and where it ends.
  public var answering: AnswerRules
  /// Records what the large model rejects of the small one's guesses, if it is set up to guess; nil records nothing.
  public var recording: DraftRecording?

  /// A pair, or one model alone.
  public init(
    small: Participant? = nil, large: Participant? = nil, budget: Budget = .init(),
    answering: AnswerRules = .init()
  ) {
    self.small = small
    self.large = large
    self.budget = budget
    self.answering = answering
  }

  /// Solves `problem` and reports each event as it happens, with its time. `handle` can end the thinking early, or hand
  /// over to the large model.
  ///
  /// In the `places` of a `RunGate`, it takes over sessions that earlier runs with the same key have left there and that
  /// hold the beginning of a prompt, and leaves its own there if it does not fail. It writes what it would write without.
  ///
  /// `onEvent` is called by one task at a time. The run waits for it, so it should return quickly.
  ///
  /// Cancelling the task ends the run within one step of an engine; the last event is then `.finished` with
  /// `.cancelled`, and `CancellationError` is thrown. Any other failure is reported as `.failed` before it is thrown.
  @discardableResult
  public func solve(
    _ problem: Problem, with strategy: any Strategy, seed: UInt64 = 0, handle: ThinkingHandle = .init(),
    in places: RunPlaces? = nil, onEvent: @escaping @Sendable (TimedEvent) -> Void = { _ in }
  ) async throws -> Outcome {
    try check(strategy)
    try problem.validate()
    let emit = EventFeed(onEvent).emit
    emit(.started(header(problem, strategy, seed)))
    var run = ReasoningRun(problem, reasoners: [:], budget: budget, seed: seed, handle: handle, emit: emit)
    do {
      run = ReasoningRun(
        problem, reasoners: try await openReasoners(for: problem, strategy, in: places), budget: budget, seed: seed,
        handle: handle, emit: emit)
      try run.allowForBeginning()
      try run.fit(try strategy.windowNeeds(in: run))
      if strategy.needs[.large] != nil { handle.begin() }
      defer { handle.end() }
      do { try await strategy.reason(in: &run) } catch is HandOverRequest { try await run.handOverOnRequest() }
      try run.releaseHeld()
    } catch {
      // The trace stays readable: it ends with the outcome so far and the reason of the failure.
      let isCancelled = error is CancellationError || Task.isCancelled
      emit(.finished(await run.outcome(isCancelled: isCancelled, failed: !isCancelled)))
      await run.close()
      if isCancelled { throw CancellationError() }
      emit(.failed(code: error.code, message: "\(error)"))
      throw error
    }
    let outcome = await run.outcome()
    if let places { await run.leave(in: places, participants) } else { await run.close() }
    emit(.finished(outcome))
    return outcome
  }

  /// The events of a run, as a stream. Leaving the loop, or cancelling its task, cancels the run.
  public func events(
    for problem: Problem, with strategy: any Strategy, seed: UInt64 = 0
  ) -> AsyncThrowingStream<TimedEvent, any Error> {
    AsyncThrowingStream { stream in
      let task = Task {
        do {
          try await solve(problem, with: strategy, seed: seed) { stream.yield($0) }
          stream.finish()
        } catch {
          stream.finish(throwing: error)
        }
      }
      stream.onTermination = { _ in task.cancel() }
    }
  }

  /// Throws `invalidSetting` if the budget, the strategy or a participant is invalid, and `missing` if the pair lacks
  /// something that the strategy needs.
  public func check(_ strategy: any Strategy) throws(ReasoningError) {
    try budget.validate()
    try answering.validate()
    try strategy.validate()
    for participant in [small, large].compactMap(\.self) { try participant.stopTemperature.validate() }
    let ruled: EngineCapabilities = answering.grammar == nil ? [] : .grammar
    for (role, own) in strategy.needs {
      let name = type(of: strategy).name
      guard let participant = participant(role) else {
        throw .missing(requirement: "a \(role.rawValue) model", strategy: name, model: "the pair")
      }
      let (model, needs) = (participant.model, own.union(ruled))
      let lacking = model.capabilities.lacking(needs)
      guard lacking.isEmpty else {
        throw .missing(requirement: lacking.names.joined(separator: ", "), strategy: name, model: model.name)
      }
      // What a participant adds to its model is no matter of the strategy, and is lacking all the same.
      for (needs, purpose) in participant.needs {
        let names = model.capabilities.lacking(needs).names.joined(separator: ", ")
        guard names.isEmpty else {
          throw .missing(
            requirement: "\(names) of the \(role.rawValue) model, for the \(purpose)", strategy: name, model: model.name
          )
        }
      }
    }
  }

  /// Throws if the server of a model does not answer; models in this process always do.
  public func checkAvailability() async throws {
    for participant in [small, large].compactMap(\.self) { try await participant.model.checkAvailability() }
  }

  /// The most sessions of each model that a run may hold at once: the strategy's, and one of the small model for each
  /// session of the large one if the small model guesses its tokens.
  public func sessions(of strategy: any Strategy) -> [Role: Int] {
    var sessions = strategy.sessions
    if let count = sessions[.large], let large = large?.model as? SpeculativeDecoding, case .model = large.draft {
      sessions[.small, default: 0] += count
    }
    return sessions
  }

  private func participant(_ role: Role) -> Participant? { role == .small ? small : large }

  private var participants: [Role: Participant] {
    [Role.small: small, .large: large].compactMapValues(\.self)
  }

  private func header(_ problem: Problem, _ strategy: any Strategy, _ seed: UInt64) -> TraceHeader {
    TraceHeader(
      strategy: type(of: strategy).name, settings: Strategies.settings(of: strategy), small: small?.model.name,
      large: large?.model.name, problem: problem, seed: seed, budget: budget)
  }

  /// Opens a session for each role that the strategy uses.
  private func openReasoners(
    for problem: Problem, _ strategy: any Strategy, in places: RunPlaces?
  ) async throws -> [Role: Reasoner] {
    var reasoners: [Role: Reasoner] = [:]
    // A model that the strategy does not use may still guess for one that it does.
    await places?.vacate(Role.allCases.filter { strategy.needs[$0] == nil })
    do {
      for role in Role.allCases where strategy.needs[role] != nil {
        guard let participant = participant(role) else { continue }
        reasoners[role] = try await Reasoner.open(
          role, participant, for: problem, answering: answering, in: places)
      }
    } catch {
      for opened in reasoners.values { await opened.session.close() }
      throw error
    }
    return reasoners
  }
}

extension Error {
  /// One of a few words for this error.
  fileprivate var code: String {
    (self as? EngineError)?.code ?? (self as? ReasoningError)?.code ?? "error"
  }
}
