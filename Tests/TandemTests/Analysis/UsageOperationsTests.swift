import Tandem
import TandemInference
import Testing

@Test func `a token costs two operations for each weight, whoever wrote it`() {
  let shape = ModelShape(layers: 2, width: 8, heads: 2, feedForward: 16, vocabulary: 10)
  var usage = RoleUsage()
  (usage.prompt, usage.scored, usage.thinking, usage.discarded) = (5, 3, 7, 2)
  // Four matrices of 8 × 8 and three of 8 × 16 in each of two layers, and one of 10 × 8.
  #expect(usage.operations(of: shape) == 2 * Double(2 * (4 * 64 + 3 * 128) + 80) * 17)
}
