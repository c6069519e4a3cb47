import Tandem
import TandemInference
import Testing

/// All values computed by hand.
@Suite struct `The cost of Kinetics` {
  // In each of two layers 64 + 64 weights for queries and the output, 2 · 32 for keys and values, and 3 · 128; 80 for all.
  private let shape = ModelShape(
    layers: 2, width: 8, heads: 2, keyValueHeads: 1, headWidth: 4, feedForward: 16, vocabulary: 10)

  @Test func `is that of the weights, of attention and of the cache, whose prompt all tries share`() {
    #expect(shape.activeParameters == 1232)
    let cost = shape.kineticCost(writing: 10, after: 20, tries: 3)
    // Each try: 2 · 1232 · 10, and 2 · (2 · 20 + 10) · 10 · 16.
    #expect(cost.operations == 3 * (24640 + 16000))
    // 2 · (2 · 20 + 10 · 3) · 10 · 8.
    #expect(cost.promptBytes == 6400 && cost.writtenBytes == 4800 && cost.bytes == 11200)
    #expect(cost.equivalentOperations(intensity: 2.5) == 121_920 + 28000)
    #expect(shape.kineticCost(writing: 10, after: 20).times(tries: 3) == cost)
    #expect(shape.kineticCost(writing: 10, after: 20, tries: 3, numberBytes: 1).bytes == 5600)
  }

  @Test func `of a run has what was read, too`() {
    var usage = RoleUsage()
    (usage.prompt, usage.cached, usage.handedOver, usage.scored) = (5, 2, 3, 4)
    (usage.thinking, usage.discarded) = (7, 1)
    let cost = usage.kineticCost(of: shape, tries: 2)
    // Two texts of 4 tokens after 10, and 12 tokens read after 2: 2 · 1232 · 12 and 4 · 16 · 12 · (2 + 13 / 2).
    #expect(cost.operations == 2 * (9856 + 3072) + 29568 + 6528)
    #expect(cost.promptBytes == 1280 && cost.writtenBytes == 512)
    #expect(usage.kineticCost(of: shape).operations > usage.operations(of: shape))
  }

  @Test func `adds up and divides`() {
    let cost = shape.kineticCost(writing: 10, after: 20)
    #expect((cost + cost) / 2 == cost)
    #expect(KineticCost() + cost == cost)
  }

  @Test func `is divided among the drafts and votes of a strategy`() {
    #expect(SpeculativeCoT().tries == [.small: SpeculativeCoT().drafts, .large: 1])
    #expect(LengthFilteredVote().tries.values.max() == LengthFilteredVote().samples)
    #expect(LargeOnly().tries == [.large: 1])
  }
}
