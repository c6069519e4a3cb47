import Tandem
import TandemInference
import TandemTesting
import Testing

/// Two models behind a gate that keeps the sessions of runs that are over.
private struct Shop {
  let small: FunctionModel
  let large: FunctionModel
  let gate: RunGate
  var pair: Pair

  init(places: Int = 16, options change: (inout MemoryOptions) -> Void = { _ in }) {
    var options = MemoryOptions(
      capabilities: [.tokens, .logits, .fork, .score, .state, .proposals, .adapters, .controlVectors], places: places)
    change(&options)
    small = .thinker("small", wait: 2, options: options)
    large = .thinker("large", wait: 0.5, options: options)
    gate = RunGate(
      places: [.small: places, .large: places], queue: 8, keepingIdle: [.small: places, .large: places])
    pair = Pair(small: small, large: large)
  }

  func run(
    _ strategy: any Strategy = SmallOnly(), on problem: Problem, key: String = "", seed: UInt64 = 1
  ) async throws -> Run {
    var pair = pair
    pair.problem = problem
    return try await gate.withPlaces(strategy.sessions, key: key) { await pair.run(strategy, seed: seed, in: $0) }
  }

  func idle(_ role: Role = .small) -> Int { gate.state.idle[role, default: 0] }
}

extension Problem {
  /// The conversation goes on after `answer`.
  fileprivate func followed(by question: String, after answer: String) -> Problem {
    var next = self
    next.history += [Message(.user, self.question), Message(.assistant, answer)]
    next.question = question
    return next
  }
}

@Suite(.timeLimit(.minutes(20))) struct `A conversation` {
  private static let first = Problem(question: "wait so check yes wait?")

  @Test(arguments: `Every strategy`.names)
  func `resumes where its cache is, and says what it would say without`(name: String) async throws {
    let strategy = try Strategies.make(name, settings: `Every strategy`.settings[name] ?? [:])
    for seed in 0..<3 as Range<UInt64> {
      let shop = Shop()
      let first = try await shop.run(strategy, on: Self.first, seed: seed)
      let next = Self.first.followed(by: "yes?", after: try first.outcome.answer ?? "")
      for problem in [next, next, Self.first] {
        let before = [shop.small.counters, shop.large.counters]
        let hit = try await shop.run(strategy, on: problem, seed: seed)
        let miss = try await Shop().run(strategy, on: problem, seed: seed)
        #expect(hit.trace.description == miss.trace.description)
        for (role, count) in zip(Role.allCases, [shop.small.counters - before[0], shop.large.counters - before[1]]) {
          let (usage, without) = (try hit.outcome.usage[role], try miss.outcome.usage[role])
          #expect(usage.prefilled == count.prefilled && usage.sampled == count.sampled)
          #expect(usage.discarded == without.discarded)
          // What an earlier run has thought after the same prompt may be there, too.
          #expect(usage.prompt + usage.cached <= without.prompt && usage.handedOver <= without.handedOver)
          // These begin their prompts in other ways.
          if [ChainOfDraft.name, CoThink.name].contains(name) { continue }
          #expect(without.prompt > 0 ? usage.cached > 0 && usage.prefilled < without.prefilled : usage.cached == 0)
        }
      }
    }
  }

  @Test func `evaluates the last token alone of a prompt that it has read`() async throws {
    let shop = Shop()
    let first = try await shop.run(on: Self.first).outcome.usage.small
    let again = try await shop.run(on: Self.first).outcome.usage.small
    #expect(first.cached == 0)
    #expect(again.cached == first.prompt)
    #expect(again.prompt == 0 && again.prefilled == 1)
  }

  @Test func `does not find what another key, adapter or role has left`() async throws {
    var shop = Shop()
    _ = try await shop.run(on: Self.first, key: "a")
    #expect(try await shop.run(on: Self.first, key: "b").outcome.usage.small.cached == 0)
    #expect(try await shop.run(LargeOnly(), on: Self.first, key: "a").outcome.usage.large.cached == 0)
    shop.pair.small?.adapter = Adapter(lora: [.init(path: "a.gguf")])
    #expect(try await shop.run(on: Self.first, key: "a").outcome.usage.small.cached == 0)
    #expect(try await shop.run(on: Self.first, key: "a").outcome.usage.small.cached > 0)
    #expect(shop.idle() == 4)  // the last one has left what its second run has dropped, too
  }

  @Test func `leaves nothing after a failure or a cancellation, or with an adapter for the thinking`() async throws {
    struct Broken: Error {}
    for error in [Broken(), CancellationError()] as [any Error] {
      let shop = Shop { $0.onWork = { if $0.sampled >= 3 { throw error } } }
      #expect(try await shop.run(on: Self.first).error != nil)
      #expect(shop.idle() == 0 && shop.small.openSessions == 0)
    }
    var shop = Shop()
    shop.pair.small?.thinkingAdapter = Adapter(controlVectorFiles: [.init(path: "v.gguf")])
    #expect(try await shop.run(on: Self.first).error == nil)
    #expect(shop.idle() == 0 && shop.small.openSessions == 0)
  }

  @Test func `of a model that can't go back resumes only if it need not`() async throws {
    let shop = Shop { $0.rewinds = false }
    _ = try await shop.run(on: Self.first)
    #expect(try await shop.run(on: Self.first).outcome.usage.small.cached == 0)
    #expect(shop.idle() == 2)
  }

  @Test func `gives up at once what a run needs, the oldest first`() async throws {
    let shop = Shop(places: 3)
    for question in ["so a?", "wait b?", "yes c?"] { _ = try await shop.run(on: Problem(question: question)) }
    #expect(shop.idle() == 3)
    // The first is taken over, and becomes the newest.
    #expect(try await shop.run(on: Problem(question: "so a?")).outcome.usage.small.cached > 2)
    #expect(shop.idle() == 3 && shop.small.openSessions == 3)
    let many = try Strategies.make(LengthFilteredVote.name, settings: ["samples": 2])
    #expect(try await shop.run(many, on: Problem(question: "check d?")).error == nil)
    #expect(shop.idle() == 2 && shop.small.openSessions == 2)
    #expect(try await shop.run(on: Problem(question: "so a?")).outcome.usage.small.cached > 2)
    #expect(try await shop.run(on: Problem(question: "wait b?")).outcome.usage.small.cached <= 2)
  }

  @Test func `with a common beginning leaves the other conversation what it has`() async throws {
    let shop = Shop(places: 3)
    let (a, b) = (Problem(question: "wait so check a?"), Problem(question: "wait so check b?"))
    let first = try await shop.run(on: a).outcome
    #expect(try await shop.run(on: b).outcome.usage.small.cached > 3)
    #expect(shop.idle() == 2)
    let next = try await shop.run(on: a.followed(by: "yes?", after: first.answer ?? "")).outcome.usage.small
    #expect(next.cached >= first.usage.small.prompt - 2)  // all but the opened thinking
    // Where there is no room for a copy, the run has what there is.
    let single = Shop(places: 1)
    for problem in [a, b, a] { _ = try await single.run(on: problem) }
    #expect(single.idle() == 1 && single.small.openSessions == 1)
    #expect(try await single.run(on: b).outcome.usage.small.cached > 3)
  }
}
