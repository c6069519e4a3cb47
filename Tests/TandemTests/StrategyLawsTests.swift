import Synchronization
import Tandem
import TandemInference
import TandemTesting
import Testing

@Suite(.timeLimit(.minutes(20))) struct `Every strategy` {
  static let names = Strategies.all.map { $0.name }

  /// Settings with which a few short thoughts show what a strategy does.
  static let settings: [String: [String: Setting]] = [
    SpeculativeCoT.name: ["draftTokens": 40],
    SpecReason.name: ["threshold": 4],
    EntropySwitching.name: ["threshold": .number(0.54)],  // between the entropies of the two models
    EarlyExit.name: ["words": .list([.text("wait")])],
    EntropyStop.name: ["paragraphCharacters": 0],
    FracturedSampling.name: ["branches": 3, "answers": 2],
    LengthFilteredVote.name: ["samples": 4],
    ConciseHint.name: ["interval": 4],
    NoThinking.name: ["samples": 6], AdaptiveThinking.name: ["samples": 6],
    CoThink.name: ["planTokens": 10],
  ]

  private func strategy(_ name: String) throws -> any Strategy {
    try Strategies.make(name, settings: Self.settings[name] ?? [:])
  }

  private func models() -> (small: FunctionModel, large: FunctionModel) {
    (.thinker("small", wait: 2), .thinker("large", wait: 0.5))
  }

  @Test(arguments: names)
  func `tells the same story from the same seed`(name: String) async throws {
    let (small, large) = models()
    let pair = Pair(small: small, large: large)
    let stories = try await [
      pair.run(strategy(name), seed: 1), pair.run(strategy(name), seed: 1), pair.run(strategy(name), seed: 2),
      pair.run(strategy(name), seed: 3),
    ].map(\.trace.description)
    #expect(stories[0] == stories[1])
    #expect(Set(stories).count > 1)
  }

  @Test(arguments: names)
  func `runs on engines that can do only what it says it needs`(name: String) async throws {
    let strategy = try strategy(name)
    func model(_ role: Role) -> FunctionModel {
      let capabilities = strategy.needs[role, default: []].union(.tokens)
      return .thinker(role.rawValue, options: MemoryOptions(capabilities: capabilities))
    }
    for seed in 0..<4 as Range<UInt64> {
      let run = await Pair(small: model(.small), large: model(.large)).run(strategy, seed: seed)
      #expect(run.error == nil)
    }
  }

  @Test(arguments: names)
  func `has a chain that is the accepted events`(name: String) async throws {
    func check<S: Strategy>(_ type: S.Type) async throws {
      let (small, large) = models()
      for seed in 0..<4 as Range<UInt64> {
        let chain = ChainBox()
        let run = await ChainBox.$current.withValue(chain) {
          await Pair(small: small, large: large).run(Watched<S>(), seed: seed)
        }
        #expect(chain.thoughts.map(\.shown) == run.trace.thoughts.map(\.shown))
        #expect(!chain.thoughts.isEmpty)
        // What a strategy can read of its costs is right before the engines are asked.
        #expect(chain.usage.small.discarded == run.rejected.filter { $0.author == .small }.tokenCount)
        #expect(try chain.usage.large.sampled == run.outcome.usage.large.sampled)
      }
    }
    try await check(Strategies.named(name))
  }

  @Test(arguments: names)
  func `counts what the engines counted, and evaluates nothing twice`(name: String) async throws {
    for seed in 0..<4 as Range<UInt64> {
      let (small, large) = models()
      let run = try await Pair(small: small, large: large).run(strategy(name), seed: seed)
      let usage = try run.outcome.usage
      for (role, model) in [(Role.small, small), (.large, large)] {
        #expect(usage[role].prefilled == model.counters.prefilled)
        #expect(usage[role].sampled == model.counters.sampled)
        #expect(usage[role].reevaluated == 0)
        #expect(usage[role].discarded == run.rejected.filter { $0.author == Author(role) }.tokenCount)
        let kept = run.trace.thoughts.filter { $0.author == Author(role) }
        #expect(usage[role].thinking == kept.filter { $0.segment == .thinking }.tokenCount)
        #expect(usage[role].answer == kept.filter { $0.segment == .answer }.tokenCount)
      }
    }
  }

  @Test(arguments: names)
  func `evaluates its prompt, what the other wrote, and inserted text; each once`(name: String) async throws {
    for seed in 0..<4 as Range<UInt64> {
      let (small, large) = models()
      let run = try await Pair(small: small, large: large).run(strategy(name), seed: seed)
      for role in Role.allCases {
        // What stands in the chain before this model's last words, or its last mark for the other one's.
        var (other, inserted, read, hasWritten, hasMarked) = (0, 0, (other: 0, inserted: 0), false, false)
        var dropped: Thought?  // a token that this model has drawn already, should the other one draw it again
        for event in run.trace.events {
          switch event {
          case .selected(let selection) where selection.method == .mark && role == .large:
            (read, hasWritten, hasMarked) = ((other, inserted), true, selection.chosen != nil)
          case .accepted(let thought), .rejected(let thought, _):
            if thought.author == Author(role) { (read, hasWritten) = ((other, inserted), true) }
            guard case .accepted = event else {
              dropped = name == EntropySwitching.name && thought.author == Author(role) ? thought : nil
              continue
            }
            if thought.author == Author(role.other) {
              other += thought.tokenCount - (dropped.map(thought.begins) == true ? 1 : 0)
              dropped = nil
            }
            if thought.author == .inserted { inserted += thought.tokenCount }
            if hasMarked { (read.other, hasMarked) = (other, false) }
          default: break
          }
        }
        let usage = try run.outcome.usage[role]
        // The prompt: "Q", a word of two newlines, "<think>", a newline. Some ask more than that.
        let asksMore = [ChainOfDraft.name, CoThink.name].contains(name)
        #expect(asksMore && hasWritten ? usage.prompt > 4 : usage.prompt == (hasWritten ? 4 : 0))
        #expect(usage.handedOver == read.other)
        #expect(usage.inserted == read.inserted)
      }
    }
  }

  @Test(arguments: names, [1, 10, 40])
  func `writes no more than one thought beyond its budget`(name: String, tokens: Int) async throws {
    for seed in 0..<3 as Range<UInt64> {
      let models = (FunctionModel.thinker("small", stop: 0.01), FunctionModel.thinker("large", stop: 0.01))
      let budget = Budget(thinkingTokens: tokens, answerTokens: 10)
      let run = try await Pair(small: models.0, large: models.1, budget: budget).run(strategy(name), seed: seed)
      let sampled = run.trace.thoughts.filter { $0.author != .inserted }
      let thinking = sampled.filter { $0.segment == .thinking }
      #expect(thinking.dropLast().tokenCount < tokens)
      #expect(thinking.tokenCount <= tokens)  // even that is cut
      #expect(sampled.filter { $0.segment == .answer }.tokenCount <= 10)
      #expect(try run.outcome.finish != .error)
    }
  }

  @Test(arguments: names)
  func `leaves a trace that can be played back`(name: String) async throws {
    for seed in 0..<3 as Range<UInt64> {
      let (small, large) = models()
      let run = try await Pair(small: small, large: large).run(strategy(name), seed: seed)
      let trace = try Trace(lines: run.trace.lines())
      #expect(trace.description == run.trace.description)
      // A choice is no thought, drafts have no order in time, and nobody has written how certain they were.
      if run.selection != nil || name == EntropySwitching.name { continue }
      let pair = Pair(small: RecordedModel(trace, role: .small), large: RecordedModel(trace, role: .large))
      let again = try await pair.run(strategy(name), seed: seed)
      #expect(again.trace.description == run.trace.description)
      #expect(try again.outcome.usage.small.sampled == run.outcome.usage.small.sampled)
      #expect(try again.outcome.usage.large.handedOver == run.outcome.usage.large.handedOver)
    }
  }
}

extension Collection<Thought> {
  var tokenCount: Int { reduce(0) { $0 + $1.tokenCount } }
}

extension Thought {
  /// Whether its first token is the only one of `other`.
  fileprivate func begins(with other: Thought) -> Bool {
    other.text.isEmpty ? text.isEmpty && ending == other.ending : text.hasPrefix(other.text)
  }

  fileprivate var shown: String { "\(author) \(segment) \(ending) \(tokenCount) \(text)" }
}

/// Where a watched strategy leaves what it ended with.
private final class ChainBox: Sendable {
  @TaskLocal static var current: ChainBox?
  private let kept = Mutex((chain: Chain(), usage: Usage()))

  var thoughts: [Thought] { kept.withLock { $0.chain.thoughts } }
  var usage: Usage { kept.withLock { $0.usage } }

  func keep(_ chain: Chain, _ usage: Usage) { kept.withLock { $0 = (chain, usage) } }
}

/// Another strategy, looked at from inside.
private struct Watched<Inner: Strategy>: Strategy {
  static var name: String { Inner.name }
  static var about: StrategyDescription { Inner.about }
  static var settings: [SettingSpec<Self>] { [] }
  static var requirements: [Role: EngineCapabilities] { Inner.requirements }
  var inner = Inner()
  var needs: [Role: EngineCapabilities] { inner.needs }
  var sessions: [Role: Int] { inner.sessions }

  func reason(in run: inout ReasoningRun) async throws {
    try await inner.reason(in: &run)
    ChainBox.current?.keep(run.chain, run.usage)
  }
}
