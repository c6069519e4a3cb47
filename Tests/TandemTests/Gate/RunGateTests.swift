import Synchronization
import Tandem
import TandemInference
import TandemTesting
import Testing

@Suite(.timeLimit(.minutes(20))) struct `A gate` {
  /// A run that has its places until `end` opens.
  private func hold(
    _ gate: RunGate, _ need: [Role: Int], key: String = "", until end: Gate
  ) async -> Task<Void, any Error> {
    let task = Task { try await gate.withPlaces(need, key: key) { await end.wait() } }
    await end.arrival()
    return task
  }

  private func waiting(_ count: Int, at gate: RunGate) async {
    while gate.state.waiting != count { try? await Task.sleep(for: .milliseconds(1)) }
  }

  @Test func `gives the places back after a result, an error and a cancellation`() async throws {
    let gate = RunGate(places: [.small: 2], queue: 4)
    #expect(try await gate.withPlaces([.small: 2]) { gate.state.running } == 1)
    await #expect(throws: EngineError.sessionClosed) {
      try await gate.withPlaces([.small: 2]) { throw EngineError.sessionClosed }
    }
    let end = Gate()
    let task = await hold(gate, [.small: 2], until: end)
    task.cancel()
    try await task.value
    #expect(gate.state.free == [.small: 2])
    #expect(gate.state.byKey.isEmpty)
  }

  @Test func `refuses what can never fit`() async throws {
    let gate = RunGate(places: [.small: 2], queue: 4)
    await #expect(throws: ReasoningError.neverFits(role: .small, needed: 3, places: 2)) {
      try await gate.withPlaces([.small: 3]) {}
    }
    await #expect(throws: ReasoningError.neverFits(role: .large, needed: 1, places: 0)) {
      try await gate.withPlaces([.small: 1, .large: 1]) {}
    }
    #expect(gate.state.byKey.isEmpty)
  }

  @Test func `refuses a run if too many wait, and none that fits`() async throws {
    let gate = RunGate(places: [.small: 1, .large: 1], queue: 2)
    let end = Gate()
    var tasks = [await hold(gate, [.small: 1], until: end)]
    for count in 1...2 {
      tasks.append(Task { try await gate.withPlaces([.small: 1]) {} })
      await waiting(count, at: gate)
    }
    let error = await #expect(throws: ReasoningError.queueFull(waiting: 2)) {
      try await gate.withPlaces([.small: 1]) {}
    }
    #expect(error?.code == "queue-full")
    #expect(try await gate.withPlaces([.large: 1], key: "other") { true })
    await end.open()
    for task in tasks { try await task.value }
    #expect(gate.state.free == [.small: 1, .large: 1])
  }

  @Test func `lets go at once of a run that is cancelled while it waits`() async throws {
    let gate = RunGate(places: [.small: 1, .large: 1], queue: 8)
    let end = Gate()
    let first = await hold(gate, [.small: 1], until: end)
    let second = Task { try await gate.withPlaces([.small: 1, .large: 1], key: "b") {} }
    await waiting(1, at: gate)
    let third = Task { try await gate.withPlaces([.large: 1], key: "c") {} }
    await waiting(2, at: gate)
    second.cancel()
    await #expect(throws: CancellationError.self) { try await second.value }
    try await third.value  // had waited for the second only
    #expect(gate.state.running == 1 && gate.state.waiting == 0)
    await end.open()
    try await first.value
  }

  @Test func `says who has places, and who waits`() async throws {
    let gate = RunGate(places: [.small: 3, .large: 2], queue: 8)
    let end = Gate()
    let first = await hold(gate, [.small: 2, .large: 1], key: "a", until: end)
    let second = Task { try await gate.withPlaces([.small: 2], key: "b") {} }
    await waiting(1, at: gate)
    let state = gate.state
    #expect(state.places == [.small: 3, .large: 2])
    #expect(state.free == [.small: 1, .large: 1])
    #expect(state.byKey == ["a": .init(running: 1), "b": .init(waiting: 1)])
    #expect((state.running, state.waiting) == (1, 1))
    await end.open()
    try await first.value
    try await second.value
  }

  @Test func `is no trap for a task that is cancelled at any moment`() async throws {
    let gate = RunGate(places: [.small: 2], queue: 1000)
    await withTaskGroup { group in
      for index in 0..<300 {
        let task = Task {
          try await gate.withPlaces([.small: 1 + index % 2], key: "\(index % 3)") { await Task.yield() }
        }
        group.addTask {
          for _ in 0..<index % 7 { await Task.yield() }
          if index % 4 != 0 { task.cancel() }
          _ = await task.result
        }
      }
    }
    #expect(gate.state.free == [.small: 2])
    #expect(gate.state.byKey.isEmpty)
  }
}
