import Synchronization
import Tandem
import TandemInference
import TandemTesting
import Testing

/// Settings with which a strategy holds as many sessions as it declares, and others with which it holds fewer.
private let variants: [(name: String, settings: [String: Setting])] =
  Strategies.all.map { ($0.name, `Every strategy`.settings[$0.name] ?? [:]) } + [
    (SpeculativeCoT.name, ["draftTokens": 40, "selection": .text("mean-token")]),
    (SpeculativeCoT.name, ["draftTokens": 40, "selection": .text("own-likelihood"), "drafts": 3]),
    (SpeculativeCoT.name, ["draftTokens": 40, "selection": .text("shortest"), "drafts": 1]),
    (EntropyStop.name, ["paragraphCharacters": 0, "options": .list([.text("six"), .text("6")])]),
    (EntropyStop.name, ["ratio": 0]),
    (EarlyExit.name, ["words": .list([.text("wait")]), "role": .text("large")]),
    (FracturedSampling.name, ["branches": 1, "answers": 1]),
    (FracturedSampling.name, ["branches": 2, "answers": 1, "role": .text("large")]),
    (LengthFilteredVote.name, ["samples": 1]),
    (NoThinking.name, ["samples": 1]),
  ]

private func options(places: Int, onWork: @escaping @Sendable (EngineCounters) async throws -> Void = { _ in })
  -> MemoryOptions
{
  MemoryOptions(
    capabilities: [.tokens, .logits, .fork, .score, .state, .proposals, .adapters, .controlVectors], places: places,
    onWork: onWork)
}

extension Participant {
  /// The same with another adapter for everything that it does.
  fileprivate var adapted: Self {
    var participant = self
    participant.adapter = Adapter(lora: [.init(path: "answer.gguf")])
    participant.thinkingAdapter = Adapter(controlVectorFiles: [.init(path: "thinking.gguf")])
    participant.selector = Adapter(lora: [.init(path: "selector.gguf")])
    return participant
  }
}

@Suite(.timeLimit(.minutes(20))) struct `A strategy's sessions` {
  @Test(arguments: variants.indices, [false, true])
  func `are all that it holds at once`(variant: Int, isAdapted: Bool) async throws {
    let strategy = try Strategies.make(variants[variant].name, settings: variants[variant].settings)
    #expect(Set(strategy.sessions.keys) == Set(strategy.needs.keys))
    for seed in 0..<4 as Range<UInt64> {
      // One session more than it declares would throw `busy`.
      let small = FunctionModel.thinker("small", wait: 2, options: options(places: strategy.sessions[.small] ?? 0))
      let large = FunctionModel.thinker("large", wait: 0.5, options: options(places: strategy.sessions[.large] ?? 0))
      var pair = Pair(small: small, large: large)
      if isAdapted { (pair.small, pair.large) = (pair.small?.adapted, pair.large?.adapted) }
      let run = await pair.run(strategy, seed: seed)
      #expect(run.error == nil)
      #expect(small.openSessions == 0 && large.openSessions == 0)
    }
  }
}

@Suite(.timeLimit(.minutes(20))) struct `Runs behind a gate` {
  private struct Broken: Error {}

  /// How runs have ended.
  private final class Ends: Sendable {
    private let state = Mutex((ended: 0, failed: 0, hungUp: 0, other: [String]()))

    var counts: (ended: Int, failed: Int, hungUp: Int, other: [String]) { state.withLock { $0 } }

    func count(_ result: Result<Void, any Error>) {
      state.withLock { counts in
        switch result {
        case .success: counts.ended += 1
        case .failure(is Broken): counts.failed += 1
        case .failure(is CancellationError): counts.hungUp += 1
        case .failure(let error): counts.other.append("\(error)")
        }
      }
    }
  }

  /// Random numbers for a test whose tasks share them.
  private final class Dice: Sendable {
    private let generator: Mutex<SplitMix64>

    init(seed: UInt64) { generator = Mutex(SplitMix64(seed: seed)) }

    func roll(_ sides: Int) -> Int { generator.withLock { Int($0.next() % UInt64(sides)) } }
  }

  /// Engines throw `busy` at once where no sequence is free.
  @Test(arguments: 0..<12 as Range<UInt64>, [false, true])
  func `never find an engine busy, leak nothing and all end`(seed: UInt64, keepsIdle: Bool) async throws {
    let dice = Dice(seed: seed)
    let isBreaking = seed % 2 == 0
    let work: @Sendable (EngineCounters) async throws -> Void = { _ in
      if isBreaking, dice.roll(600) == 0 { throw Broken() }
      if dice.roll(3) == 0 { await Task.yield() }
    }
    let places: [Role: Int] = [.small: 7 + dice.roll(4), .large: 3 + dice.roll(3)]
    let small = FunctionModel.thinker("small", wait: 2, options: options(places: places[.small] ?? 0, onWork: work))
    let large = FunctionModel.thinker("large", wait: 0.5, options: options(places: places[.large] ?? 0, onWork: work))
    let gate = RunGate(places: places, queue: 1000, keepingIdle: keepsIdle ? places : [:])
    let ends = Ends()
    await withTaskGroup { group in
      for index in 0..<30 as Range<UInt64> {
        let (name, settings) = variants[dice.roll(variants.count)]
        var pair = Pair(small: small, large: large, budget: Budget(thinkingTokens: 60, answerTokens: 10))
        if dice.roll(3) == 0 { (pair.small, pair.large) = (pair.small?.adapted, pair.large?.adapted) }
        // Few questions, so that many runs find the beginning of their prompt in a session that another has left.
        pair.problem = Problem(question: ["Q", "Q", "R", "wait so "][dice.roll(4)])
        let key = "\(dice.roll(3))"
        let task = Task { [pair] in
          let strategy = try Strategies.make(name, settings: settings)
          let run = try await gate.withPlaces(strategy.sessions, key: key) {
            await pair.run(strategy, seed: index, in: $0)
          }
          if let error = run.error { throw error }
        }
        let patience = dice.roll(3) == 0 ? dice.roll(400) : nil
        group.addTask {
          if let patience {
            for _ in 0..<patience { await Task.yield() }
            task.cancel()
          }
          let result = await task.result
          ends.count(result)
        }
        for _ in 0..<dice.roll(20) { await Task.yield() }
      }
    }
    let counts = ends.counts
    #expect(counts.other.isEmpty)
    #expect(counts.ended + counts.failed + counts.hungUp == 30)
    #expect(counts.ended > 0)
    #expect(isBreaking || counts.failed == 0)
    #expect(gate.state.free == places)
    #expect(gate.state.byKey.isEmpty)
    // One who needs all places finds them empty.
    try await gate.withPlaces(places) { #expect(small.openSessions == 0 && large.openSessions == 0) }
  }

  /// What the gate is for: eight places, and two runs that need six each.
  @Test func `would find it busy without the gate`() async throws {
    let arrived = Gate()
    let model = FunctionModel.thinker(
      "m", options: options(places: 7) { counters in if counters.sampled == 0 { await arrived.wait() } })
    let pair = Pair(small: model)
    let strategy = try Strategies.make(LengthFilteredVote.name, settings: ["samples": 6])
    let tasks = (0..<2 as Range<UInt64>).map { seed in Task { await pair.run(strategy, seed: seed) } }
    await arrived.arrival()
    while model.openSessions < 2 { try await Task.sleep(for: .milliseconds(1)) }
    await arrived.open()
    var errors: [any Error] = []
    for task in tasks { if let error = await task.value.error { errors.append(error) } }
    #expect(errors.contains { $0 as? EngineError == .busy(sequences: 7, waiting: 0) })
  }
}
