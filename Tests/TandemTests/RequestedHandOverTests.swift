import Tandem
import TandemInference
import TandemTesting
import Testing

@Suite(.timeLimit(.minutes(20))) struct `A hand-over that is requested` {
  static let names = Strategies.all.map { $0.name }

  /// The strategy with settings for short runs, and again with every role in reverse.
  private func strategies(_ name: String) throws -> [any Strategy] {
    let type = try Strategies.named(name)
    let roles = type.settingDescriptions.filter { $0.kind == .choice(Role.allCases.map(\.rawValue)) }
    let reversed = roles.map { ($0.name, Setting.text($0.initial == "small" ? "large" : "small")) }
    let settings = `Every strategy`.settings[name] ?? [:]
    return try [[:], Dictionary(uniqueKeysWithValues: reversed)].map {
      try Strategies.make(name, settings: settings.merging($0) { $1 })
    }
  }

  /// What happens besides, and when.
  enum End: CaseIterable { case none, before, after }

  @Test(arguments: names, End.allCases)
  func `lets the large model think on and answer, whenever it comes`(name: String, end: End) async throws {
    var handedOver = 0
    for strategy in try strategies(name) where strategy.needs[.large] != nil {
      for (role, count) in [Role.small, .large].flatMap({ role in [0, 1, 3, 8, 20, 45].map { (role, $0) } }) {
        let handle = ThinkingHandle()
        let request = MemoryOptions(places: 40) { counters in
          guard counters.sampled == count else { return }
          if end == .before { handle.endThinking() }
          #expect(handle.handOver())
          if end == .after { handle.endThinking() }
        }
        let small = FunctionModel.thinker(
          "small", wait: 2, stop: 0.05, options: role == .small ? request : .init(places: 40))
        let large = FunctionModel.thinker("large", wait: 0.5, options: role == .large ? request : .init(places: 40))
        let run = await Pair(small: small, large: large, budget: Budget(thinkingTokens: 90, answerTokens: 12))
          .run(strategy, seed: UInt64(count), handle: handle)
        #expect(run.error == nil)
        checkLaws(run, small, large)
        #expect(!handle.handOver(), "the run is over")
        guard let place = run.trace.events.firstIndex(of: .handedOver(to: .large, .requested)) else { continue }
        handedOver += 1
        let after = run.trace.events[(place + 1)...]
        #expect(after.allSatisfy { $0.isWrittenOrInsertedBy(.large) })
        #expect(after.last == run.trace.outcome.map(Event.finished))
        if role == .small { #expect(small.counters.sampled <= count + 2 * (strategy.sessions[.small] ?? 0)) }
        #expect(try run.outcome.finish != .error)
      }
    }
    let isPossible = try strategies(name).contains { $0.needs[.large] != nil }
    #expect(handedOver > 0 || !isPossible)
  }

  private func checkLaws(_ run: Run, _ small: FunctionModel, _ large: FunctionModel) {
    guard let usage = run.trace.outcome?.usage else {
      Issue.record("There is no outcome.")
      return
    }
    #expect(run.streamed == run.kept)
    for (role, model) in [(Role.small, small), (.large, large)] {
      #expect(usage[role].prefilled == model.counters.prefilled)
      #expect(usage[role].sampled == model.counters.sampled)
      #expect(usage[role].discarded == run.rejected.filter { $0.author == Author(role) }.tokenCount)
      #expect(model.openSessions == 0)
    }
    #expect(run.trace.thoughts.filter { $0.segment == .thinking && $0.author != .inserted }.tokenCount <= 90)
  }

  @Test func `keeps what was streamed as final, and drops the rest`() async throws {
    let handle = ThinkingHandle()
    let options = MemoryOptions { if $0.sampled == 12 { handle.handOver() } }
    let small = ScriptedModel("A is B.\n\n", "Wait, but", options: options)
    let large = ScriptedModel(" and C.</think>six<|im_end|>")
    let run = await Pair(small: small, large: large).run(SpeculativeThinking.brief(), handle: handle)
    #expect(
      run.trace.description == """
        small + A is B.
        small - Wait  [requested]
        > large  [requested]
        large +  and C. </>
        large + = six
        = stop: six
        """)
  }

  @Test func `poses the large model the problem, if it was planning`() async throws {
    let handle = ThinkingHandle()
    let options = MemoryOptions { if $0.sampled == 3 { handle.handOver() } }
    let small = ScriptedModel("I think", options: options)
    let large = ScriptedModel(scripts: ["outline": ["1. Look."], "": [" so.</think>six<|im_end|>"]])
    let run = await Pair(small: small, large: large).run(CoThink(), handle: handle)
    #expect(run.story.hasSuffix("small + I th\n> large  [requested]\nlarge +  so. </>\nlarge + = six"))
  }

  @Test func `is refused without a large model, before the run and after it`() async throws {
    let handle = ThinkingHandle()
    #expect(!handle.handOver())
    let options = MemoryOptions { if $0.sampled == 2 { #expect(!handle.handOver()) } }
    let run = await Pair(small: ScriptedModel("A.</think>six<|im_end|>", options: options), large: ScriptedModel())
      .run(SmallOnly(), handle: handle)
    #expect(run.trace.description == "small + A. </>\nsmall + = six\n= stop: six")
    #expect(!handle.handOver())
  }

  @Test func `is the same if it is requested twice`() async {
    let handle = ThinkingHandle()
    let options = MemoryOptions { if [3, 5, 9].contains($0.sampled) { #expect(handle.handOver()) } }
    let pair = Pair(
      small: ScriptedModel("A is B."), large: ScriptedModel("A is B.</think>six<|im_end|>", options: options))
    let run = await pair.run(SpeculativeThinking.brief { $0.openingTokens = 5 }, handle: handle)
    #expect(run.trace.description.split(separator: "\n").count { $0 == "> large  [requested]" } == 1)
    #expect(run.answer == "six")
  }
}

extension Event {
  fileprivate func isWrittenOrInsertedBy(_ author: Author) -> Bool {
    switch self {
    case .accepted(let thought): thought.author == author || thought.author == .inserted
    case .rejected, .handedOver, .selected: false
    case .started, .text, .finished, .failed: true
    }
  }
}
