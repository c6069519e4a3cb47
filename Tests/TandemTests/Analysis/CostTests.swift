import Tandem
import TandemInference
import Testing

@Suite struct `The cost of a model` {
  /// Qwen2.5 1.5B and 32B, as the released notebook takes them.
  static let small = ModelShape(
    layers: 28, width: 1536, heads: 12, keyValueHeads: 2, feedForward: 8960, vocabulary: 151_936, tiesEmbeddings: true)
  static let large = ModelShape(
    layers: 64, width: 5120, heads: 40, keyValueHeads: 8, feedForward: 27_648, vocabulary: 152_064)

  @Test func `is known from its sizes`() {
    // 1.54 and 32.76 billion parameters, of which 1.31 and 31.0 are not the embedding's (Qwen2.5's model cards).
    #expect(abs(Double(Self.small.parameters) / 1.543e9 - 1) < 0.005)
    #expect(abs(Double(Self.large.parameters) / 32.76e9 - 1) < 0.005)
  }

  @Test func `grows with what is attended to`() {
    let shape = ModelShape(layers: 2, width: 4, heads: 2, feedForward: 8, vocabulary: 10)
    let active = 2 * (4 * 4 * 4 + 3 * 4 * 8) + 40
    #expect(shape.activeParameters == active)
    #expect(shape.operations(evaluating: 1, after: 0) == Double(2 * active + 4 * 2 * 4))
    // Three at once are three one after the other.
    let apart = (0..<3).map { shape.operations(evaluating: 1, after: 5 + $0) }.reduce(0, +)
    #expect(shape.operations(evaluating: 3, after: 5) == apart)
  }

  @Test func `of one layer is the printed formula's`() {
    let speed = EstimatedSpeed()
    let shape = ModelShape(layers: 1, width: 10, heads: 2, feedForward: 30, vocabulary: 5)
    // 8·7·100 + 16·7·10 + 4·49·10 + 4·49·2 + 6·7·10·30 + 2·7·30
    #expect(speed.prefill(7, shape) == 5600 + 1120 + 1960 + 392 + 12_600 + 420)
    // 8·100 + 160 + 4·7·10 + 4·7·2 + 6·10·30 + 60
    #expect(speed.decode(after: 7, shape) == 800 + 160 + 280 + 56 + 1800 + 60)
    let apart = (0..<50).map { speed.decode(after: 7 + $0, shape) }.reduce(0, +)
    #expect(speed.decode(50, after: 7, shape) == apart)
  }

  @Test func `is the notebook's with its XOR`() {
    let speed = EstimatedSpeed(.paperCompat)
    // Python: 8*(1536^2) + 16*1536 + 4*100*1536 + 4*100*12 + 6*1536*8960 + 2*8960, where 1536^2 is 1538.
    #expect(speed.decode(after: 100, Self.small) == 12_304 + 24_576 + 614_400 + 4800 + 82_575_360 + 17_920)
    // The ratio of what the notebook says both models need for MATH500's prompts: 4030.24 / 392.03. The printed formula
    // gives 10.35 and more.
    for length in [100, 150, 200] {
      let ratio = speed.prefill(length, Self.large) / speed.prefill(length, Self.small)
      #expect(abs(ratio - 4030.24 / 392.03) < 0.002)
      let printed = EstimatedSpeed().prefill(length, Self.large) / EstimatedSpeed().prefill(length, Self.small)
      #expect((10.34...10.41).contains(printed))
    }
  }

  @Test(arguments: [
    // MATH500 in the released notebook: mean tokens, and operations in units of 1e10; the speeds of the paper's Table 2.
    (5439.1, 392.03 + 34_588.77, 242.6), (3802.2, 4030.24 + 180_091.5, 32.2), (3975.2, 1933.23 + 95_460.1, 63.7),
    (3609.0, 2015.46 + 91_671.22, 60.1),
  ])
  func `gives the published speeds`(tokens: Double, operations: Double, published: Double) {
    let speed = EstimatedSpeed(.paperCompat).speed(tokens: Int(tokens * 500), operations: operations * 1e10)
    #expect(abs(speed - published) < 0.06)
  }

  @Test func `brackets the published operations of a token`() {
    // 96.6 needs the lengths of all take-overs, which are not published. What can be checked of it: the operations of
    // the large model per token, from its own row.
    let perToken = 180_091.5e10 / (3802.2 * 500)
    let speed = EstimatedSpeed(.paperCompat)
    #expect(speed.decode(after: 0, Self.large) < perToken)
    #expect(speed.decode(after: 12_000, Self.large) > perToken)
  }
}
