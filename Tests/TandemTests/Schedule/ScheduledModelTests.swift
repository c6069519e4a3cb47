import Synchronization
import TandemInference
import TandemTesting
import Testing

@testable import Tandem

@Suite struct `A scheduled model` {
  static let schedule: WritingSchedule = {
    var schedule = WritingSchedule()
    (schedule.question, schedule.thinking, schedule.answer) = (10, 60, 5)
    (schedule.thoughts, schedule.outline) = ([20, 15], 12)
    return schedule
  }()

  /// Settings with which a few short thoughts show what a strategy does.
  static let settings: [String: [String: Setting]] = [
    FracturedSampling.name: ["branches": 3, "answers": 2], LengthFilteredVote.name: ["samples": 4],
    ConciseHint.name: ["interval": 10], NoThinking.name: ["samples": 3],
  ]

  /// A model that would write anything.
  private static func model(_ name: String, isReversed: Bool = false, options: MemoryOptions = .init()) -> FunctionModel
  {
    let tokenizer = ByteTokenizer(isReversed: isReversed)
    return FunctionModel(name: name, tokenizer: tokenizer, options: options) { tokens in
      var generator = SplitMix64(seed: UInt64(tokens.count))
      return (0..<tokenizer.vocabulary.size).map { _ in generator.uniform() }
    }
  }

  private static func models() -> (small: FunctionModel, large: FunctionModel) { (model("small"), model("large")) }

  private func run(
    _ row: PairBenchRow, _ models: (small: FunctionModel, large: FunctionModel), _ schedule: WritingSchedule = schedule,
    pacing: DraftPacing = .measured
  ) async throws -> Run {
    var bench = try await PairBench(small: models.small, large: models.large, schedule)
    bench.pacing = pacing
    let progress = ScheduleProgress()
    let events = Mutex<[TimedEvent]>([])
    let solver = try bench.solver(row, progress, CallTimes())
    try await solver.solve(bench.problem, with: row.strategy) { event in
      progress.note(event.event)
      events.withLock { $0.append(event) }
    }
    return Run(trace: Trace(events.withLock { $0 }))
  }

  @Test(arguments: Strategies.all.map { $0.name } + [PairBenchRow.speculativeDecoding])
  func `shows every strategy what the schedule says, and lets its engine do the work`(name: String) async throws {
    let models = Self.models()
    let row = try PairBenchRow(name, settings: Self.settings[name] ?? [:], Self.schedule)
    let run = try await run(row, models)
    let text = try ScheduledText(Self.schedule, for: models.small, format: .think)
    let outcome = try run.outcome
    let tokenizer = models.small.tokenizer
    #expect(outcome.finish == .stop)
    let own = run.trace.thoughts.filter { $0.author != .inserted }
    let thinking = own.filter { $0.segment == .thinking }
    // Some of the others insert, cut or leave out thinking.
    if PairBenchRow.names.contains(name) {
      #expect(thinking.map(\.text).joined() == tokenizer.decode((0..<60).map(text.thinking)))
      #expect(thinking.last?.ending == .endOfThinking)
    }
    #expect(own.filter { $0.segment == .answer }.tokenCount == 6, "five, and the end of the turn")
  }

  @Test(arguments: Strategies.all.map { $0.name })
  func `is counted as any other`(name: String) async throws {
    let models = Self.models()
    let bench = try await PairBench(small: models.small, large: models.large, Self.schedule)
    let before = [Role.small: models.small.counters, .large: models.large.counters]
    let row = try PairBenchRow(name, settings: Self.settings[name] ?? [:], Self.schedule)
    let progress = ScheduleProgress()
    let outcome = Mutex<Outcome?>(nil)
    try await bench.solver(row, progress, CallTimes()).solve(bench.problem, with: row.strategy) { event in
      progress.note(event.event)
      if case .finished(let result) = event.event { outcome.withLock { $0 = result } }
    }
    let usage = try #require(outcome.withLock { $0 }).usage
    for (role, model) in [(Role.small, models.small), (.large, models.large)] {
      let counted = model.counters - before[role, default: .init()]
      #expect(usage[role].sampled == counted.sampled)
      #expect(usage[role].prefilled == counted.prefilled)
      #expect(usage[role].reevaluated <= 1, "the row that a judge's question, or a probe's answer, has replaced")
    }
  }

  @Test(arguments: [0.0, 0.5, 1])
  func `has draft tokens that are right as often as it says`(acceptance: Double) async throws {
    var schedule = Self.schedule
    (schedule.acceptance, schedule.thinking) = (acceptance, 300)
    let models = Self.models()
    let row = try PairBenchRow(PairBenchRow.speculativeDecoding, draftTokens: 4, schedule)
    let run = try await run(row, models, schedule, pacing: .always)
    let counts = try run.outcome.usage.large.proposals
    let first = Double(counts.accepted.first ?? 0) / Double(try #require(counts.proposed.first))
    #expect(abs(first - acceptance) < 0.1)
    #expect(try run.outcome.usage.large.thinking == 301)
    // A draft model evaluates what it has not drafted itself: the last right token, and the target's own.
    let small = models.small.counters
    let rounds = try #require(counts.proposed.first)
    #expect(small.prefilled <= rounds * 2 + 100)
  }

  @Test func `keeps the steps and the drafts that it says`() async throws {
    var schedule = Self.schedule
    (schedule.keptSteps, schedule.rejectsDrafts) = (0, true)
    let steps = try await run(PairBenchRow(SpecReason.name, schedule), Self.models(), schedule)
    #expect(Set(steps.trace.thoughts.filter { $0.segment == .thinking }.map(\.author)) == [.large])
    let drafts = try await run(
      PairBenchRow(SpeculativeCoT.name, settings: ["drafts": 2], schedule), Self.models(), schedule)
    #expect(drafts.rejected.count == 2)
    (schedule.keptSteps, schedule.rejectsDrafts) = (1, false)
    let kept = try await run(PairBenchRow(SpecReason.name, schedule), Self.models(), schedule)
    #expect(Set(kept.trace.thoughts.filter { $0.segment == .thinking }.map(\.author)) == [.small])
    let chosen = try await run(
      PairBenchRow(SpeculativeCoT.name, settings: ["drafts": 2], schedule), Self.models(), schedule)
    #expect(chosen.rejected.count == 1)
  }

  @Test(arguments: PairBenchRow.names.filter { $0 != PairBenchRow.speculativeDecoding })
  func `may have another vocabulary than the other one`(name: String) async throws {
    let models = (Self.model("small"), Self.model("large", isReversed: true))
    let run = try await run(PairBenchRow(name, Self.schedule), models)
    #expect(try run.outcome.finish == .stop)
    #expect(run.trace.thoughts.filter { $0.segment == .thinking }.tokenCount == 61)
  }

  @Test func `closes its sessions if its run is cancelled`() async throws {
    let gate = Gate()
    let small = Self.model("small", options: .waiting(at: gate, afterSampling: 30))
    let bench = try await PairBench(small: small, large: Self.model("large"), Self.schedule)
    let row = try PairBenchRow(SmallOnly.name, Self.schedule)
    let task = Task { try await bench.run(row) }
    await gate.arrival()
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(small.openSessions == 0)
  }
}
