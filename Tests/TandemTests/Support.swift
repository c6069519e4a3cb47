import Synchronization
import Tandem
import TandemInference
import TandemTesting
import Testing

/// A run as a test looks at it.
struct Run: Sendable {
  var trace = Trace([])
  /// All events, transient ones too.
  var events: [Event] = []
  var deltas: [TextDelta] = []
  var error: (any Error)?

  /// The script of the run, without its last line.
  var story: String { trace.events.dropLast().compactMap(\.script).joined(separator: "\n") }
  var outcome: Outcome { get throws { try #require(trace.outcome) } }
  var thinking: String { text(of: .thinking) }
  var answer: String { text(of: .answer) }
  var rejected: [Thought] {
    trace.events.compactMap { if case .rejected(let thought, _) = $0 { thought } else { nil } }
  }

  private func text(of segment: Segment) -> String {
    trace.thoughts.filter { $0.segment == segment }.map(\.text).joined()
  }
}

/// Two models in memory, and all that a run of them needs.
struct Pair: Sendable {
  var small: Participant?
  var large: Participant?
  var budget = Budget()
  var answering = AnswerRules()
  var problem = Problem(question: "Q")

  init(
    small: (any LanguageModel)? = nil, large: (any LanguageModel)? = nil, budget: Budget = Budget(),
    sampling: SamplingParameters = .init(temperature: 1, topP: 1)
  ) {
    self.small = small.map { Participant($0, sampling: sampling) }
    self.large = large.map { Participant($0, sampling: sampling) }
    self.budget = budget
  }

  /// Runs a strategy, and gives back what happened, whether it failed or not.
  func run(
    _ strategy: any Strategy, seed: UInt64 = 0, handle: ThinkingHandle = .init(), in places: RunPlaces? = nil
  ) async -> Run {
    let events = Mutex<[TimedEvent]>([])
    var run = Run()
    let solver = Solver(small: small, large: large, budget: budget, answering: answering)
    do {
      try await solver.solve(problem, with: strategy, seed: seed, handle: handle, in: places) { event in
        events.withLock { $0.append(event) }
      }
    } catch {
      run.error = error
    }
    let all = events.withLock { $0 }
    run.trace = Trace(all)
    run.events = all.map(\.event)
    run.deltas = all.compactMap { if case .text(let delta) = $0.event { delta } else { nil } }
    return run
  }
}

extension SpeculativeThinking {
  /// Five bytes are a probe, and a take-over; scripts stay short then.
  static func brief(_ change: (inout Self) -> Void = { _ in }) -> Self {
    var strategy = Self()
    strategy.probeTokens = 5
    strategy.takeoverTokens = 5
    strategy.verificationTokens = 6
    strategy.excessTokens = 4
    strategy.excessText = "Let me look:"
    change(&strategy)
    return strategy
  }
}

extension FunctionModel {
  /// Thinks in words of every cue, one to six a thought, and answers in one of two; different weights, different model.
  static func thinker(_ name: String, wait: Float = 1, stop: Float = 0.3, options: MemoryOptions = .init()) -> Self {
    .table(
      [
        "": ["so ": 2, "wait ": wait, "yes ": 1, "check ": 0.5, "\n\n": 2, "</think>": stop],
        "????": ["1": 1, "2": 2, "3": 1, "4": 3, "6": 1], "</think>": ["\n\n": 1], "</think>\n\n": ["six": 3, "6": 1],
        "six": ["<|im_end|>": 1], "</think>\n\n6": ["<|im_end|>": 1],
      ], name: name, options: options)
  }
}
