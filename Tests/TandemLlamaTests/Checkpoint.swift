import Foundation
import Synchronization
import TandemInference
import Testing

@testable import TandemLlama

/// Stops the decode loop at a chosen token of a generation, so that a test can act while it knows what is going on.
struct Checkpoint: LogitProcessor {
  private let state: State
  private let stops: Set<Int>

  private final class State: Sendable {
    let calls = Atomic<Int>(0)
    let arrivals = Atomic<Int>(0)
    let releases = Atomic<Int>(0)
  }

  /// - Parameter stops: The tokens to stop at, counted from 1.
  init(at stops: Set<Int>) {
    state = State()
    self.stops = stops
  }

  func process(_ logits: inout MutableSpan<Float>, after tokens: [Token]) {
    let call = state.calls.wrappingAdd(1, ordering: .relaxed).newValue
    guard stops.contains(call) else { return }
    let arrival = state.arrivals.wrappingAdd(1, ordering: .relaxed).newValue
    while state.releases.load(ordering: .relaxed) < arrival { usleep(200) }
  }

  /// Waits until the loop stands at the next stop.
  func arrival() async throws {
    let next = state.releases.load(ordering: .relaxed) + 1
    try await eventually("the decode loop does not come to the checkpoint") {
      state.arrivals.load(ordering: .relaxed) >= next
    }
  }

  /// Lets the loop go on.
  func release() { state.releases.wrappingAdd(1, ordering: .relaxed) }
}

/// Notes the engine's counters at each token of a generation.
struct Recorder: LogitProcessor {
  private let engine: LlamaEngine
  private let notes: Notes

  private final class Notes: Sendable {
    let counters = Mutex<[EngineCounters]>([])
  }

  init(_ engine: LlamaEngine) {
    self.engine = engine
    notes = Notes()
  }

  func process(_ logits: inout MutableSpan<Float>, after tokens: [Token]) {
    notes.counters.withLock { $0.append(engine.counters) }
  }

  var counters: [EngineCounters] { notes.counters.withLock { $0 } }
}

extension LlamaEngine {
  /// What this engine does in a time in which it could do dozens of passes.
  func workFromNowOn() async throws -> EngineCounters {
    let before = counters
    try await Task.sleep(for: .milliseconds(60))
    return counters - before
  }
}
