import Tandem
import Testing

@Suite struct `The cost of a pair` {
  /// The figures of the first look at real shapes (docs/results/real-size.md): 200 tokens of thinking, two threads.
  private let pair = PairCost(
    small: .init(prefill: 1000, decode: 200, batch: [1: 200, 5: 250]),
    large: .init(prefill: 75, decode: 15, pass: [5: 0.125]))

  private func isNear(_ a: Double, _ b: Double) -> Bool { abs(a - b) < 1e-9 }

  @Test func `has the ratios of its rates`() {
    #expect(isNear(pair.large.readingGain, 5))
    #expect(isNear(pair.writingRatio, 15.0 / 200))
  }

  @Test func `has steps between those that were measured, and beyond them`() {
    // One: 5 ms. Five: 5/250 = 20 ms. So 3.75 ms for each more.
    #expect(isNear(pair.small.step(of: 1), 0.005))
    #expect(isNear(pair.small.step(of: 3), 0.0125))
    #expect(isNear(pair.small.step(of: 5), 0.02))
    #expect(isNear(pair.small.step(of: 8), 0.03125))
    #expect(isNear(pair.large.pass(over: 1), 1.0 / 15) && isNear(pair.large.pass(over: 5), 0.125))
    #expect(isNear(PairCost.Rates(prefill: 1, decode: 4).step(of: 3), 0.25), "one rate is all that is known")
  }

  @Test func `of Speculative Chain of Thought is its drafts, their reading, and that of the chosen one`() {
    // N = 1: 5 ms a token × 15 = 0.075, and 2/5. N = 5: 0.3, and 6/5.
    #expect(isNear(pair.speculativeCoT(drafts: 1), 0.475))
    #expect(isNear(pair.speculativeCoT(drafts: 5), 1.5))
    #expect(isNear(pair.speculativeCoT(drafts: 5, keepsChosen: true), 1.3))
    // N = 2: 0.13125 + 0.6; N = 3: 0.1875 + 0.8; N = 4: 0.24375 + 1.
    #expect(pair.draftsThatPay() == 3)
    #expect(pair.draftsThatPay(keepsChosen: true) == 3)
    #expect(pair.draftsThatPay(upTo: 2) == 2)
    #expect(pair.reading(gain: 1.5).draftsThatPay() == 0)
  }

  @Test(arguments: [(25.0, 0.48), (100, 0.66)])
  func `has the paper's gains where reading is as quick as on a graphics processor`(gain: Double, saved: Double) {
    // Five drafts that take 0.28 of the large model alone, as measured: 0.28 + 6/R.
    var measured = pair
    measured.small.batch = [1: 200, 5: 5 * 15 / 0.28]
    let cost = measured.reading(gain: gain).speculativeCoT(drafts: 5)
    #expect(abs(1 - cost - saved) < 0.005)
  }

  @Test func `of speculative decoding is a pass and a draft for the tokens that are kept`() {
    // Four draft tokens: 0.125 + 4 × 0.005 = 0.145 s, 2.175 tokens of the large model alone.
    #expect(isNear(pair.speculation(length: 4, acceptance: 0), 2.175))
    #expect(isNear(pair.speculation(length: 4, acceptance: 1), 0.435))
    #expect(isNear(pair.speculation(length: 4, acceptance: 0.5), 2.175 / 1.9375))
    // 1 + a + a² + a³ + a⁴ = 2.175 at a = 0.5672.
    #expect(abs((pair.leastAcceptance(length: 4) ?? 0) - 0.5672) < 5e-4)
    var slow = pair
    slow.large.pass = [5: 1]
    #expect(slow.leastAcceptance(length: 4) == nil)
  }
}
