import Tandem
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
    #expect(setups[.small]?.cells == size.cells.values.reduce(0, +))
  }
}
