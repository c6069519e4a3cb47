import FoundationEssentials
import Tandem
import TandemInference
import TandemModels
import TandemSetup
import Testing

@Suite struct `A pair` {
  private let pair = RunConditions(small: "nano-small", large: "nano-large", contextSize: 300, parallel: 3, threads: 2)

  @Test func `is loaded as its conditions say, with sequences for all that may be written at once`() async throws {
    let loads = Loads()
    let needs = PairNeeds([SpeculativeCoT(), SmallOnly()])
    let loaded = try await Pair.load(pair, for: needs, with: .scripted(loads: loads))
    #expect(loaded.small?.name == "nano-small.gguf" && loaded.large?.name == "nano-large.gguf")
    let drafts = try #require(SpeculativeCoT().sessions[.small])
    #expect(loads.all.map(\.sequences).last == 3 * drafts)
    for setup in loads.all { #expect(setup.contextSize == 300 && setup.threads == 2 && !setup.isDeterministic) }
  }

  @Test func `loads what is needed and nothing else`() async throws {
    let loads = Loads()
    let loaded = try await Pair.load(pair, for: PairNeeds([SmallOnly()]), with: .scripted(loads: loads))
    #expect(loaded.large == nil && loads.all.count == 1)
  }

  @Test func `is one model where both roles name one file`() async throws {
    let loads = Loads()
    var same = pair
    same.large = same.small
    let loaded = try await Pair.load(same, for: PairNeeds([SpeculativeThinking()]), with: .scripted(loads: loads))
    #expect(loads.all.map(\.sequences) == [6])
    #expect(loaded.small?.name == loaded.large?.name)
  }

  @Test func `on a server has the vocabulary that is named, the other model's file, or the other one's vocabulary`()
    async throws
  {
    let address = "http://host:8000/v1#model"
    func setups(_ options: RunOptions, _ roles: Set<Role> = [.small, .large]) async throws -> [String] {
      let loads = Loads()
      let conditions = try await options.conditions(for: roles, loader: .scripted())
      let strategy: any Strategy = roles.count == 2 ? SpeculativeThinking() : LargeOnly()
      _ = try await Pair.load(conditions, for: PairNeeds([strategy]), with: .scripted(loads: loads))
      return loads.all.map { setup in
        if case .server(_, let file) = setup.source { "\(setup.name) \(file.lastPathComponent)" } else { setup.name }
      }
    }
    let served = RunOptions(small: "nano-small", large: address)
    #expect(try await setups(served) == ["\(address) nano-small.gguf", "nano-small.gguf"])
    #expect(try await setups(served, [.large]) == ["\(address) nano-small.gguf"])
    var named = served
    named.largeTokenizer = "nano-large"
    #expect(try await setups(named, [.large]) == ["\(address) nano-large.gguf"])
    let both = RunOptions(small: address, large: address, smallTokenizer: "nano-small")
    #expect(try await setups(both) == ["\(address) nano-small.gguf"], "one model for both roles")
    await #expect(throws: SetupError.tokenizerMissing(role: .large)) {
      try await setups(RunOptions(large: address), [.large])
    }
    let useless = RunOptions(small: "nano-small", large: address, smallTokenizer: "nano-large")
    await #expect(throws: SetupError.self) { try await setups(useless) }
  }

  @Test func `has a small model for the guesses of the large one`() {
    #expect(PairNeeds([LargeOnly()]).sequences == [.large: 1])
    #expect(PairNeeds([LargeOnly()], draftsSmall: true).sequences == [.large: 1, .small: 1])
    #expect(PairNeeds([SpeculativeThinking()], draftsSmall: true).sequences == [.large: 1, .small: 2])
  }

  @Test func `says how many sequences would be too many`() async throws {
    var many = pair
    many.parallel = 64
    var strategy = LengthFilteredVote()
    strategy.samples = 9
    let needs = PairNeeds([strategy])
    let needed = try #require(needs.sequences.values.max()) * 64
    await #expect(throws: SetupError.tooManySequences(needed: needed, most: 256)) {
      try await Pair.load(many, for: needs, with: .scripted())
    }
  }

  @Test func `has conditions that follow from options, preset and models`() async throws {
    let conditions = try await RunOptions().conditions(for: [.small, .large], loader: .scripted())
    #expect(conditions.small == "nano-small" && conditions.large == "nano-large")
    #expect(conditions.contextSize == 512 && conditions.budget.thinkingTokens == 400)
    #expect(conditions.sampling == SamplingParameters(temperature: 0.6, topK: 0, topP: 0.95))
    let large = try await RunOptions().conditions(for: [.large], loader: .scripted())
    #expect(large.small == nil)
  }

  @Test func `has a default context that gives way to the models, and one of the user that does not`() async throws {
    let short = EngineLoader.scripted(trainedContext: 200)
    #expect(try await RunOptions().conditions(for: [.small], loader: short).contextSize == 200)
    #expect(try await RunOptions(contextSize: 600).conditions(for: [.small], loader: short).contextSize == 600)
    let models = RunOptions(small: "nano-small", large: "nano-large")
    let conditions = try await models.conditions(for: [.small], loader: .scripted(trainedContext: 100_000))
    #expect(conditions.contextSize == 8192)
  }

  @Test func `is missed where no option names it`() async {
    await #expect(throws: SetupError.modelMissing(role: .large)) {
      try await RunOptions(small: "nano-small").conditions(for: [.large], loader: .scripted())
    }
  }

  @Test(arguments: [(512, 256, 56, 392), (512, nil, 56, 392), (8192, nil, 896, 4096)])
  func `has limits that leave room for a prompt`(context: Int, predict: Int?, answer: Int, thinking: Int) {
    let budget = RunOptions.Limits(answerTokens: predict).budget(contextSize: context)
    if predict == nil { #expect(budget.answerTokens == answer && budget.thinkingTokens == thinking) }
    #expect(budget.thinkingTokens + budget.answerTokens < context)
  }
}
