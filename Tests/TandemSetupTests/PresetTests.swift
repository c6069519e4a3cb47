import Tandem
import TandemModels
import TandemSetup
import Testing

@Suite struct `Presets` {
  @Test func `have names of their own, models that can be found, and options that make sense`() throws {
    #expect(Set(Preset.all.map(\.name)).count == Preset.all.count)
    for preset in Preset.all {
      for name in [preset.options.small, preset.options.large] {
        let name = try #require(name)
        #expect(try ModelReference(parsing: name).description == name)
        if case .file = try ModelReference(parsing: name) { Issue.record("\(name) is a path") }
      }
      try preset.options.validate()
      try preset.strategy.validate()
      #expect(preset.options.preset == nil)
      #expect(preset.strategyName == SpeculativeThinking.name)
      #expect(!preset.summary.isEmpty && !preset.note.isEmpty)
      #expect(preset.isTested == !preset.note.hasPrefix("Untested"))
    }
    let r1 = ["r1-1.5b-7b", "r1-1.5b-14b", "r1-1.5b-32b", "qwen2.5-7b-r1-32b"]
    let qwen3 = ["0.6b", "1.7b"].flatMap { small in ["8b", "14b", "32b"].map { "qwen3-\(small)-\($0)" } }
    #expect(Preset.all.map(\.name) == ["nano", "smollm2", "smollm2-gemma"] + r1 + qwen3)
  }

  @Test func `are found by name, and a misspelt one is suggested`() throws {
    #expect(try Preset.named("nano").options.limits?.thinkingTokens == 400)
    let error = #expect(throws: SetupError.self) { try Preset.named("smolm2") }
    #expect(error?.description.contains("Did you mean smollm2?") == true)
  }

  @Test func `hold where no model is named, and not otherwise`() throws {
    #expect(try RunOptions().chosenPreset()?.name == "nano")
    #expect(try RunOptions(small: "a.gguf").chosenPreset() == nil)
    #expect(try RunOptions(preset: "smollm2", small: "a.gguf").chosenPreset()?.name == "smollm2")
  }

  @Test func `a preset that is named gives both its models, unless one is given beside it`() throws {
    for preset in Preset.all {
      let all = try RunOptions(preset: preset.name).overPreset()
      #expect(all.small == preset.options.small && all.small != nil)
      #expect(all.large == preset.options.large && all.large != nil)
    }
    let mixed = try RunOptions(preset: "smollm2", small: "a.gguf").overPreset()
    #expect(mixed.small == "a.gguf")
    #expect(mixed.large == (try Preset.named("smollm2").options.large))
  }
}

@Suite struct `The strategy of a run` {
  private func make(
    _ name: String?, _ layers: [[String: Setting]] = [], preset: Preset? = .nano
  ) throws -> SpeculativeThinking {
    try #require(try Strategies.make(name, settings: layers, preset: preset) as? SpeculativeThinking)
  }

  @Test func `is the preset's, or Speculative Thinking as the paper has it`() throws {
    #expect(try make(nil) == Preset.nano.strategy as? SpeculativeThinking)
    #expect(try make(nil, preset: nil) == .paper)
    #expect(try make(SpeculativeThinking.name, preset: .nano).takeoverTokens == 14)
  }

  @Test func `has the settings of later layers, under the paper's names too`() throws {
    let strategy = try make(nil, [["max_target_tokens": .integer(30)], ["takeoverTokens": .integer(31)]])
    #expect(strategy.takeoverTokens == 31 && strategy.probeTokens == 30)
    #expect(strategy.verificationTokens == 4, "the preset's, since nothing else was said")
  }

  @Test func `has nothing of the preset where it is another one`() throws {
    let strategy = try Strategies.make(RandomTakeover.name, settings: [], preset: .nano)
    #expect(strategy as? RandomTakeover == RandomTakeover())
    #expect(throws: ReasoningError.self) {
      try Strategies.make(nil, settings: [["takeoverTokns": .integer(3)]], preset: .nano)
    }
  }
}
