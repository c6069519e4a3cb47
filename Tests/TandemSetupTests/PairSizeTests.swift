import Tandem
import TandemInference
import TandemModels
import Testing

@testable import TandemSetup

@Suite struct `The size of a pair that is served` {
  /// Strategies that write `texts` texts at once with the small model, or one with the large one.
  private func needs(texts: Int) throws -> PairNeeds {
    let settings: [String: Setting] = ["role": .text("small"), "samples": .integer(texts)]
    return PairNeeds([LargeOnly(), try Strategies.make(LengthFilteredVote.name, settings: settings)])
  }

  @Test func `has sequences for as many runs as there are at once, whatever their strategies`() throws {
    let needs = try needs(texts: 5)
    let small = try #require(needs.sequences[.small])
    let size = PairSize(serving: needs, runs: 4, contextSize: 512, sharesModel: false)
    #expect(size.sequences == [.small: 4 * small, .large: 4 * (needs.sequences[.large] ?? 0)])
  }

  @Test func `has no more sequences than an engine can have, and enough for one run`() throws {
    let needs = try needs(texts: 200)
    let small = try #require(needs.sequences[.small])
    for shares in [false, true] {
      let size = PairSize(serving: needs, runs: 64, contextSize: 512, sharesModel: shares)
      #expect(size.sequences[.small] == max(small, shares ? 128 : 256))
    }
  }

  @Test func `has cells for all runs with one text each, or for one run of any strategy`() throws {
    let small = try #require(try needs(texts: 5).sequences[.small])
    let few = PairSize(serving: try needs(texts: 5), runs: 2, contextSize: 512, sharesModel: false)
    #expect(few.cells[.small] == small * 512)
    let many = PairSize(serving: try needs(texts: 5), runs: 50, contextSize: 512, sharesModel: false)
    #expect(many.cells[.small] == 50 * 512)
  }

  @Test func `is that of both roles together where one file has both`() throws {
    let conditions = RunConditions(small: "nano-small", large: "nano-small", contextSize: 256)
    let size = PairSize(serving: try needs(texts: 5), runs: 2, contextSize: 256, sharesModel: true)
    let setups = try Pair.setups(conditions, size)
    #expect(setups.count == 1)
    #expect(setups[.small]?.sequences == size.sequences.values.reduce(0, +))
    // Those of the large model, which has a cache for each sequence, are all full.
    let large = try #require(size.sequences[.large]) * 256
    #expect(setups[.small]?.cells == (size.cells[.small] ?? 0) + large)
    #expect(setups[.small]?.layout == .shared)
  }
}

@Suite struct `The layout of a pair's caches` {
  private let conditions = RunConditions(
    small: "nano-small", large: "nano-large", budget: Budget(thinkingTokens: 400, answerTokens: 48), contextSize: 512,
    parallel: 16)

  private func layouts(_ strategies: [any Strategy], draftsSmall: Bool = false) throws -> [Role: CacheLayout] {
    let needs = PairNeeds(strategies, draftsSmall: draftsSmall)
    let size = try PairSize(needs, conditions)
    #expect(size.cells.isEmpty, "enough for all to be full, made when they are needed")
    return size.layouts
  }

  @Test func `is separate for runs that have nothing in common`() throws {
    #expect(
      try layouts([SmallOnly(), LargeOnly(), SpeculativeThinking.paper]) == [.small: .separate, .large: .separate])
    #expect(try layouts([LargeOnly()], draftsSmall: true) == [.small: .separate, .large: .separate])
  }

  @Test func `is shared where a run forks sessions, for that model only`() throws {
    #expect(try layouts([SmallOnly(), SpeculativeCoT()])[.small] == .shared)
    var one = SpeculativeCoT()
    (one.drafts, one.selection) = (3, .worstToken)
    // Its large model holds the best draft so far and reads the next one.
    #expect(try layouts([one]) == [.small: .shared, .large: .shared])
    #expect(try layouts([SpecReason()]) == [.small: .separate, .large: .shared])
    #expect(try layouts([SpecReason()], draftsSmall: true) == [.small: .shared, .large: .shared])
  }

  @Test func `is separate whatever is run, if runs are deterministic`() throws {
    var deterministic = conditions
    deterministic.isDeterministic = true
    let setups = try Pair.setups(deterministic, PairSize(PairNeeds([SpeculativeCoT()]), deterministic))
    #expect(setups.values.allSatisfy { $0.layout == .separate && $0.cells == nil })
  }

  @Test func `is shared where there are fewer cells than all windows have`() throws {
    var few = conditions
    few.cells = 4096
    let size = try PairSize(PairNeeds([SmallOnly(), LargeOnly()]), few)
    #expect(size.layouts == [.small: .shared, .large: .shared] && size.cells == [.small: 4096, .large: 4096])
    few.cells = 16 * 512
    #expect(try PairSize(PairNeeds([SmallOnly()]), few).layouts == [.small: .separate])
  }

  @Test func `lets as many sessions in as have cells when all are full`() throws {
    var few = conditions
    #expect(few.places(16) == 16)
    few.cells = 4096
    #expect(few.places(16) == 8 && few.places(4) == 4)
    few.budget.thinkingTokens = 100  // a prompt of 64, 100 and 48 tokens
    #expect(few.places(64) == 4096 / 212)
  }

  @Test func `is refused if one run may need more cells, or if runs are to share none`() throws {
    var few = conditions
    few.cells = 1024
    let needs = PairNeeds([SpeculativeCoT()])
    let most = try #require(needs.sequences[.small]) * 512
    #expect(
      throws: SetupError.invalidOption(
        name: "cells", reason: "must be at least \(most), which one run may need, not 1024")
    ) { try PairSize(needs, few) }
    few.isDeterministic = true
    let error = #expect(throws: SetupError.self) { try PairSize(PairNeeds([SmallOnly()]), few) }
    #expect(error?.description.contains("cells must be at least 8192 for 16 windows") == true)
  }

  @Test func `has room for as many windows as there are sequences, or as there are cells for`() {
    let needs = PairNeeds([SmallOnly(), SpecReason()])
    let size = PairSize(serving: needs, runs: 8, contextSize: 512, sharesModel: false)
    #expect(size.layouts == [.small: .separate, .large: .shared])
    #expect(size.windows(contextSize: 512) == [.small: 8, .large: 8])
  }
}
