import Synchronization
import Tandem
import TandemInference
import TandemTesting
import Testing

/// Runs that do not come to their end.
@Suite(.timeLimit(.minutes(20))) struct `A run of every strategy` {
  static let names = Strategies.all.map { $0.name }
  /// Enough for all that is to happen; these models never end their thinking.
  private let budget = Budget(thinkingTokens: 300, answerTokens: 20)

  /// A pair of which one model does something special when it has written a few tokens.
  private func models(_ role: Role, _ options: MemoryOptions) -> (small: FunctionModel, large: FunctionModel) {
    (
      .thinker("small", wait: 4, stop: 0, options: role == .small ? options : .init()),
      .thinker("large", wait: 8, stop: 0, options: role == .large ? options : .init())
    )
  }

  /// Settings with which both models write some thirty tokens, and not many more where each costs a session.
  private static let settings: [String: [String: Setting]] = [
    RandomTakeover.name: ["probability": .number(0.5)],
    SpeculativeCoT.name: ["drafts": 3, "draftTokens": 20],
    EntropySwitching.name: ["threshold": .number(0.45)],  // between the entropies of the two models
    EarlyExit.name: ["words": .list([.text("wait")])],
    EntropyStop.name: ["paragraphCharacters": 0],
    FracturedSampling.name: ["branches": 3],
    LengthFilteredVote.name: ["samples": 2],
    NoThinking.name: ["samples": 6],
    AdaptiveThinking.name: ["samples": 6, "epsilon": 0],  // it thinks unless all are equal
  ]

  private func strategy(_ name: String) throws -> any Strategy {
    try Strategies.make(name, settings: Self.settings[name] ?? [:])
  }

  @Test(arguments: names, Role.allCases)
  func `that is cancelled ends with a readable trace and gives its sessions back`(name: String, role: Role) async throws
  {
    let strategy = try strategy(name)
    guard strategy.needs[role] != nil else { return }
    let gate = Gate()
    let (small, large) = models(role, .waiting(at: gate, afterSampling: 7))
    let task = Task { [budget] in await Pair(small: small, large: large, budget: budget).run(strategy) }
    await gate.arrival()
    task.cancel()
    let run = await task.value
    #expect(run.error is CancellationError)
    let outcome = try run.outcome
    #expect(outcome.finish == .cancelled)
    #expect(outcome.answer == nil)
    #expect(run.trace.events.last == .finished(outcome))
    #expect(try Trace(lines: run.trace.lines()).description == run.trace.description)
    #expect(outcome.usage[role].sampled >= 7)  // drafts are drawn several at once
    #expect(outcome.usage.small.sampled == small.counters.sampled)
    #expect(outcome.usage.large.sampled == large.counters.sampled)
    #expect(outcome.usage.large.prefilled == large.counters.prefilled)
    #expect((small.openSessions, large.openSessions) == (0, 0))
  }

  @Test(arguments: names, Role.allCases)
  func `that fails ends with a readable trace and gives its sessions back`(name: String, role: Role) async throws {
    let strategy = try strategy(name)
    guard strategy.needs[role] != nil else { return }
    for count in name == NoThinking.name ? [0, 1, 7] : [0, 1, 7, 30] {
      let failure = EngineError.decodeFailed(code: -3)
      let (small, large) = models(role, .failing(with: failure, afterSampling: count))
      let run = await Pair(small: small, large: large, budget: budget).run(strategy)
      #expect(run.error as? EngineError == failure)
      #expect(try run.outcome.finish == .error)
      #expect(run.trace.events.last == .failed(code: "decode-failed", message: failure.description))
      #expect(try Trace(lines: run.trace.lines()).description == run.trace.description)
      #expect(try run.outcome.usage[role].sampled >= count)  // drafts are drawn several at once
      #expect((small.openSessions, large.openSessions) == (0, 0))
    }
  }

  @Test(arguments: names)
  func `that finds no free place fails and leaves none taken`(name: String) async throws {
    let (small, large) = models(.large, .init(places: 0))
    let strategy = try strategy(name)
    let run = await Pair(small: small, large: large, budget: budget).run(strategy)
    #expect(small.openSessions == 0)
    #expect(strategy.needs[.large] == nil || run.error as? EngineError == .busy(sequences: 0, waiting: 0))
  }

  @Test(arguments: names)
  func `that is cancelled before it begins says so`(name: String) async throws {
    let (small, large) = models(.small, .init())
    let strategy = try strategy(name)
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return await Pair(small: small, large: large, budget: budget).run(strategy)
    }
    let run = await task.value
    #expect(run.error is CancellationError)
    #expect(run.trace.description == "= cancelled")
    #expect(small.counters.sampled + large.counters.sampled == 0)
    #expect((small.openSessions, large.openSessions) == (0, 0))
  }

  @Test(arguments: names)
  func `that comes to its end gives its sessions back`(name: String) async throws {
    let (small, large) = (FunctionModel.thinker("small"), FunctionModel.thinker("large"))
    for seed in 0..<3 as Range<UInt64> {
      _ = await Pair(small: small, large: large, budget: budget).run(try strategy(name), seed: seed)
      #expect((small.openSessions, large.openSessions) == (0, 0))
    }
  }

  @Test func `as a stream is cancelled by leaving the loop`() async throws {
    let gate = Gate()
    let small = FunctionModel.thinker("small", stop: 0, options: .waiting(at: gate, afterSampling: 3))
    let solver = Solver(small: Participant(small))
    for try await event in solver.events(for: Problem(question: "Q"), with: SmallOnly()) {
      if case .text = event.event { break }
    }
    for _ in 0..<1000 where small.openSessions > 0 { try await Task.sleep(for: .milliseconds(1)) }
    #expect(small.openSessions == 0)
    #expect(small.counters.sampled <= 3)
  }
}
