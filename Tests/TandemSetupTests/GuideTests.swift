import Tandem
import TandemInference
import TandemModels
import TandemTesting
import Testing

@testable import TandemSetup

@Suite struct `Models that guide a pair` {
  private let pair = RunConditions(small: "nano-small", large: "nano-large", contextSize: 300, parallel: 3)
  private let settings = RoleSettings(guide: "nano-small-tldr", guideBase: "nano-small", guideAlpha: 0.5)

  private func setup(small: RoleSettings? = nil, large: RoleSettings? = nil) -> RunSetup {
    RunSetup(options: RunOptions(parallel: 3), strategy: "speculative-thinking", small: small, large: large)
  }

  @Test func `are loaded once for all that they steer, with their sequences`() async throws {
    let loads = Loads()
    let one = try await setup(large: settings).load(with: .scripted(loads: loads))
    #expect(loads.all.map(\.name) == ["nano-large.gguf", "nano-small-tldr.gguf", "nano-small.gguf", "nano-small.gguf"])
    #expect(loads.all.map(\.sequences) == [3, 3, 3, 3])
    let model = try #require(one.solver.large?.model as? LogitArithmetic)
    #expect(model.name == "nano-large.gguf+nano-small-tldr.gguf-nano-small.gguf" && model.alpha == 0.5)
    #expect(one.solver.small?.model.name == "nano-small.gguf")
    let both = Loads()
    _ = try await setup(small: settings, large: settings).load(with: .scripted(loads: both))
    #expect(both.all.filter { $0.name == "nano-small-tldr.gguf" }.map(\.sequences) == [6])
  }

  @Test func `have a whole weight if nothing is said`() throws {
    let model = FunctionModel.table(["": ["a": 1]])
    let guided = try RoleSettings(guide: "a", guideBase: "b").guided(model, by: ["a": model, "b": model])
    #expect((guided as? LogitArithmetic)?.alpha == 1)
    #expect(try RoleSettings().guided(model, by: [:]) is FunctionModel)
  }

  @Test(arguments: [
    (RoleSettings(guide: "a.gguf"), "guide", "needs its base, the same small model before training"),
    (RoleSettings(guideBase: "a.gguf"), "guideBase", "has no effect without a guide"),
    (RoleSettings(guideAlpha: 1), "guideAlpha", "has no effect without a guide"),
    (RoleSettings(guide: "a", guideBase: "b", guideAlpha: .infinity), "guideAlpha", "must be a number, not inf"),
    (RoleSettings(guide: "a", guideBase: "a"), "guideBase", "is the guide itself, a: the difference would be 0"),
    (
      RoleSettings(guide: "http://host:1/v1#a", guideBase: "b"), "guide",
      "must be a file, not http://host:1/v1#a: a server does not return all logits"
    ),
    (
      RoleSettings(draft: .lookup, guide: "a", guideBase: "b"), "draft",
      "can't guess the tokens of a model that has a guide: each of them needs a sum of logits"
    ),
  ])
  func `are checked before anything is loaded`(_ settings: RoleSettings, _ name: String, _ reason: String) async {
    let loads = Loads()
    for setup in [setup(small: settings), setup(large: settings)] {
      await #expect(throws: SetupError.invalidOption(name: name, reason: reason)) {
        try await setup.load(with: .scripted(loads: loads))
      }
    }
    #expect(loads.all.isEmpty)
  }

  @Test func `steer no model on a server`() async throws {
    let loads = Loads()
    var remote = setup(large: settings)
    remote.options.large = "http://host:8000/v1#model"
    remote.options.small = "nano-small"
    await #expect(
      throws: SetupError.invalidOption(
        name: "guide", reason: "can't steer a model that a server runs: it needs all logits")
    ) { try await remote.load(with: .scripted(loads: loads)) }
    #expect(loads.all.isEmpty)
  }

  @Test func `have the vocabulary of the model that they steer`() async throws {
    let loader = EngineLoader(
      inspect: { _ in ModelFacts(trainedContext: 512) },
      load: { setup in
        FunctionModel(name: setup.name, tokenizer: .init(isReversed: setup.name == "nano-small-tldr.gguf")) { _ in [] }
      })
    let error = await #expect(throws: EngineError.self) { try await setup(large: settings).load(with: loader) }
    #expect("\(try #require(error))".contains("nano-small-tldr.gguf, whose vocabulary is not that of nano-large.gguf"))
  }

  @Test func `need no file twice under two names`() async throws {
    let store = ModelStore()
    let located = try settings.located(in: store)
    var size = try PairSize(PairNeeds([LargeOnly()]), pair)
    size.guides = [.large: settings.guides.union(located.guides)]
    #expect(try Pair.guideSetups(pair, size, store: store).keys.sorted() == located.guides.sorted())
  }
}
