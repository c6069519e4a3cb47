import TandemInference

/// A conversation with a pair of models: the front of the library.
///
/// It resembles `LanguageModelSession` of Apple's FoundationModels, with the thinking beside the answer:
///
/// ```swift
/// let session = ReasoningSession(Solver(small: small, large: large), strategy: SpeculativeThinking())
/// let response = try await session.respond(to: "Use 3, 7, 5, 2 to make 24.")
/// print(response.content)   // Answer: 7 + 5 = 12, …
/// ```
public actor ReasoningSession {
  /// The conversation so far.
  public private(set) var transcript: Transcript
  /// The costs of all responses together.
  public private(set) var usage = Usage()
  /// Whether a response is being made. One at a time: another request meanwhile throws `busy`.
  public private(set) var isResponding = false

  private let solver: Solver
  private let strategy: any Strategy

  /// A conversation without turns. `instructions` become the system message.
  public init(_ solver: Solver, strategy: any Strategy, instructions: String? = nil) {
    self.solver = solver
    self.strategy = strategy
    transcript = Transcript(instructions: instructions)
  }

  /// A conversation that continues from `transcript`.
  public init(_ solver: Solver, strategy: any Strategy, transcript: Transcript) {
    self.solver = solver
    self.strategy = strategy
    self.transcript = transcript
  }

  /// Options of one response.
  public struct Options: Sendable, Hashable {
    /// The same seed, models and strategy give the same response.
    public var seed: UInt64
    /// Replaces the solver's own budget; nil keeps it.
    public var budget: Budget?

    /// The solver's budget and seed 0 unless given.
    public init(seed: UInt64 = 0, budget: Budget? = nil) {
      self.seed = seed
      self.budget = budget
    }
  }

  /// A whole response.
  public struct Response: Sendable, Hashable {
    /// The answer; empty if none was written, for the reason in `outcome`.
    public var content: String
    /// The thinking that led to it.
    public var reasoning: String
    /// How the run ended, and its costs.
    public var outcome: Outcome
  }

  /// Answers `prompt` as the next turn of the transcript. `handle` can end the thinking early, or hand over to the large
  /// model; `onEvent` is called as by `Solver`.
  public func respond(
    to prompt: String, options: Options = .init(), handle: ThinkingHandle = .init(),
    onEvent: @escaping @Sendable (TimedEvent) -> Void = { _ in }
  ) async throws -> Response {
    try begin()
    defer { isResponding = false }
    let recorder = EventRecorder()
    let outcome = try await solver(options).solve(
      problem(prompt), with: strategy, seed: options.seed, handle: handle
    ) { event in
      recorder.record(event.event)
      onEvent(event)
    }
    let response = Response(content: outcome.answer ?? "", reasoning: recorder.thinking, outcome: outcome)
    note(prompt, outcome)
    return response
  }

  /// Answers `prompt`, event by event. Leaving the loop cancels the run.
  public func streamEvents(
    to prompt: String, options: Options = .init(), handle: ThinkingHandle = .init()
  ) throws -> AsyncThrowingStream<TimedEvent, any Error> {
    try begin()
    let (solver, problem, strategy) = (solver(options), problem(prompt), strategy)
    return AsyncThrowingStream { stream in
      let task = Task {
        do {
          let outcome = try await solver.solve(problem, with: strategy, seed: options.seed, handle: handle) {
            stream.yield($0)
          }
          self.end(prompt, outcome)
          stream.finish()
        } catch {
          self.end(prompt, nil)
          stream.finish(throwing: error)
        }
      }
      stream.onTermination = { _ in task.cancel() }
    }
  }

  /// Answers `prompt`, as ever longer snapshots of the response.
  public func streamResponse(
    to prompt: String, options: Options = .init(), handle: ThinkingHandle = .init()
  ) throws -> AsyncThrowingStream<Snapshot, any Error> {
    let events = try streamEvents(to: prompt, options: options, handle: handle)
    let recorder = EventRecorder()
    // The newest snapshot has all that is in the ones before it.
    let changes = AsyncThrowingStream<Void, any Error>(bufferingPolicy: .bufferingNewest(1)) { stream in
      let task = Task {
        do {
          for try await event in events where recorder.record(event.event) { stream.yield() }
          stream.finish()
        } catch {
          stream.finish(throwing: error)
        }
      }
      stream.onTermination = { _ in task.cancel() }
    }
    // A snapshot is made when it is asked for: while somebody holds one, the next piece of text copies all of it.
    return AsyncThrowingStream {
      var iterator = changes.makeAsyncIterator()
      while try await iterator.next() != nil {
        if let snapshot = recorder.newSnapshot() { return snapshot }
      }
      return nil
    }
  }

  private func begin() throws(ReasoningError) {
    guard !isResponding else { throw .busy }
    isResponding = true
  }

  private func end(_ prompt: String, _ outcome: Outcome?) {
    isResponding = false
    if let outcome { note(prompt, outcome) }
  }

  private func note(_ prompt: String, _ outcome: Outcome) {
    usage = usage + outcome.usage
    transcript.turns += [.init(.user, prompt), .init(.assistant, outcome.answer ?? "")]
  }

  private func problem(_ prompt: String) -> Problem {
    Problem(question: prompt, instructions: transcript.instructions, history: transcript.turns)
  }

  private func solver(_ options: Options) -> Solver {
    var solver = solver
    solver.budget = options.budget ?? solver.budget
    return solver
  }
}
