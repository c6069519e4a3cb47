import Tandem
import TandemInference
import TandemTesting
import Testing

@Suite(.timeLimit(.minutes(20))) struct `An adapter for the thinking` {
  private static let steering = Adapter(controlVectorFiles: [.init(path: "steering.gguf")])

  /// Another model with an adapter on than without; its sessions take their places from both.
  private struct TwoFaced<Face: MemoryModel>: LanguageModel {
    let plain: Face
    let steered: Face

    var name: String { plain.name }
    var capabilities: EngineCapabilities { plain.capabilities.union(.controlVectors) }
    var tokenizer: any Tokenizer { plain.tokenizer }
    var template: any ChatTemplate { plain.template }
    var contextSize: Int { plain.contextSize }
    var counters: EngineCounters { plain.counters + steered.counters }

    func makeSession(adapter: Adapter?) async throws -> MemorySession {
      #expect(adapter == nil || adapter == steering)
      return try await adapter == nil ? plain.makeSession() : steered.makeSession()
    }
  }

  private func thinker(_ name: String, wait: Float, stop: Float = 0.3) -> TwoFaced<FunctionModel> {
    TwoFaced(
      plain: .thinker(name, wait: wait, stop: stop, options: .init(places: 8)),
      steered: .thinker(name, wait: wait / 2, stop: stop, options: .init(places: 8)))
  }

  @Test func `writes the thinking, and the model without it the answer`() async throws {
    let model = TwoFaced(
      plain: ScriptedModel("\n\nsix<|im_end|>", options: .init(places: 1)),
      steered: ScriptedModel("A.\n\nB.</think>", "never", options: .init(places: 1)))
    var pair = Pair(small: model)
    pair.small?.thinkingAdapter = Self.steering
    let run = await pair.run(SmallOnly())
    #expect(run.trace.description == "small + A.⏎⏎B. </>\nsmall + = ⏎⏎six\n= stop: six")
    let usage = try run.outcome.usage.small
    // "Q", two newlines, "<think>", a newline; then six bytes of thinking and its end, which are read once more.
    #expect(usage.prompt == 5 && usage.thinking == 7)
    #expect(model.steered.counters.prefilled == 5)
    #expect(model.plain.counters.prefilled == 12 && usage.reevaluated == 12)
    #expect(model.plain.openSessions == 0 && model.steered.openSessions == 0)
  }

  @Test func `is off again where drafts go over to their answers in one write`() async throws {
    let model = TwoFaced(
      plain: ScriptedModel("six<|im_end|>", "six<|im_end|>", options: .init(places: 2)),
      steered: ScriptedModel("A.</think>wrong<|im_end|>", "B.</think>wrong<|im_end|>", options: .init(places: 2)))
    var pair = Pair(small: model)
    pair.small?.thinkingAdapter = Self.steering
    var strategy = LengthFilteredVote()
    strategy.samples = 2
    let run = await pair.run(strategy)
    #expect(run.error == nil)
    #expect(run.answer == "six")
    #expect(run.rejected.filter { $0.segment == .answer }.map(\.text) == ["six"])
    #expect(model.plain.openSessions == 0 && model.steered.openSessions == 0)
  }

  @Test(arguments: Strategies.all.map { $0.name })
  func `leaves no session behind, and everything counted, whatever the strategy`(name: String) async throws {
    for seed in 0..<4 as Range<UInt64> {
      let (small, large) = (thinker("small", wait: 2), thinker("large", wait: 0.5))
      var pair = Pair(small: small, large: large)
      pair.small?.thinkingAdapter = Self.steering
      pair.large?.thinkingAdapter = Self.steering
      let settings = `Every strategy`.settings[name] ?? [:]
      let run = await pair.run(try Strategies.make(name, settings: settings), seed: seed)
      #expect(run.error == nil)
      let usage = try run.outcome.usage
      for (role, model) in [(Role.small, small), (.large, large)] {
        #expect(usage[role].prefilled == model.counters.prefilled)
        #expect(usage[role].sampled == model.counters.sampled)
        #expect(usage[role].discarded == run.rejected.filter { $0.author == Author(role) }.tokenCount)
        #expect(model.plain.openSessions == 0 && model.steered.openSessions == 0)
      }
    }
  }

  @Test func `that can't be put off again ends the run with the engine's error`() async throws {
    let model = TwoFaced(
      plain: ScriptedModel("six", options: .init(places: 0)), steered: ScriptedModel("A.</think>"))
    var pair = Pair(small: model)
    pair.small?.thinkingAdapter = Self.steering
    let run = await pair.run(SmallOnly())
    #expect((run.error as? EngineError)?.code == "busy")
    #expect(model.steered.openSessions == 0)
    #expect(try run.outcome.usage.small.sampled == model.counters.sampled)
    #expect(try run.outcome.usage.small.prefilled == model.counters.prefilled)
  }

  @Test func `that is the model's own adapter changes nothing`() async throws {
    let options = MemoryOptions(capabilities: [.tokens, .logits, .controlVectors])
    let model = ScriptedModel("A.</think>", "six<|im_end|>", options: options)
    var pair = Pair(small: model)
    pair.small?.adapter = Self.steering
    pair.small?.thinkingAdapter = Self.steering
    #expect(try await pair.run(SmallOnly()).outcome.usage.small.reevaluated == 0)
  }
}
