import Tandem
import TandemInference
import TandemTesting

@testable import TandemServer

/// Two models that think as long as they may, a little slower than the network.
struct SlowPair {
  let small: FunctionModel
  let large: FunctionModel
  let models: ServedModels

  init(places: Int = 8, queue: Int = 200, stop: Float = 0, delay: Duration = .microseconds(300)) {
    let options = MemoryOptions(places: places) { _ in try await Task.sleep(for: delay) }
    small = .thinker("tiny", stop: stop, options: options)
    large = .thinker("huge", stop: stop, options: options)
    let budget = Budget(thinkingTokens: 2000, answerTokens: 20)
    let solver = Solver(
      small: Participant(small, format: .think), large: Participant(large, format: .think), budget: budget)
    let pair = ServedPair(
      name: "duo", solver: solver, gate: RunGate(places: [.small: places, .large: places], queue: queue),
      strategy: LargeOnly(), strategies: Strategies.all.map { $0.init() })
    models = ServedModels(pairs: [pair])
  }

  var steps: Int { small.counters.steps + large.counters.steps }
  var openSessions: Int { small.openSessions + large.openSessions }
}
