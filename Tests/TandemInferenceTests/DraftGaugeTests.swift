import TandemTesting
import Testing

@testable import TandemInference

@Suite struct `Drafting that has to pay` {
  /// A target whose passes of five rows take 1.75 times as long as those of one, and a draft of a tenth.
  private static let prices = DraftPrices(token: 0.09, row: 0.19)

  /// The time of `count` tokens over their time without drafts, and how many rounds had none.
  ///
  /// - Parameters:
  ///   - chance: How likely a draft token is to be right, by how many tokens there are before it.
  ///   - isMeasured: Whether the gauge has to find out what a round takes.
  private func simulate(
    _ count: Int = 200, most: Int = 4, prices: DraftPrices = prices, isMeasured: Bool = false, seed: UInt64,
    chance: (Int) -> Float
  ) -> (time: Double, plain: Int) {
    var gauge = DraftGauge(most: most, pacing: isMeasured ? .measured : .priced(prices))
    var generator = SplitMix64(seed: seed)
    var (time, drawn, plain) = (0.0, 0, 0)
    while drawn < count {
      let drafted = gauge.next(limit: count - drawn - 1)
      let accepted = (0..<drafted).first { generator.uniform() >= chance(drawn + $0) } ?? drafted
      let noise = isMeasured ? 1 + Double(generator.uniform()) * 0.3 : 1
      let cost = (1 + Double(drafted) * (prices.token + prices.row)) * noise
      gauge.note(drafted: drafted, accepted: accepted, seconds: cost)
      time += cost / (isMeasured ? 1.15 : 1)
      drawn += accepted + 1
      plain += drafted == 0 ? 1 : 0
    }
    return (time / Double(drawn), plain)
  }

  private func times(_ chance: Float, isMeasured: Bool = false, prices: DraftPrices = prices) -> [Double] {
    (0..<101).map { simulate(prices: prices, isMeasured: isMeasured, seed: $0) { _ in chance }.time }.sorted()
  }

  @Test(arguments: [0, 0.3, 0.5, 0.8, 1] as [Float]) func `is never slower than 1.05 times the target alone`(
    chance: Float
  ) {
    #expect(times(chance)[100] < 1.05, "given prices")
    #expect(times(chance, isMeasured: true)[50] < 1.05, "measured, with noise")
  }

  @Test func `is nearly as quick as drafts of the best length`() {
    // The least time over all lengths: 4 tokens at 1 and at 0.8, one or two at 0.5.
    for (chance, best) in [(1, 0.424), (0.8, 0.623), (0.5, 0.853)] as [(Float, Double)] {
      #expect(times(chance)[50] < best * 1.1)
    }
  }

  @Test func `does not draft where a draft costs more than it can save`() {
    let dear = DraftPrices(token: 0.7, row: 0.4)
    for chance in [0, 0.5, 1] as [Float] { #expect(times(chance, prices: dear)[50] < 1.05) }
  }

  @Test func `tries again at times, less and less often`() {
    let hopeless = simulate(2000, seed: 1) { _ in 0 }
    let drafts = 2000 - hopeless.plain
    #expect((9...20).contains(drafts), "one or two after 8 tokens, after 16, and so on: \(drafts)")
  }

  @Test func `notices that drafts have become right, and that they are right no more`() {
    let better = simulate(400, seed: 2) { $0 < 200 ? 0 : 1 }
    #expect(better.time < 0.9, "of the second half most rounds have drafts")
    let worse = simulate(400, seed: 3) { $0 < 200 ? 1 : 0 }
    #expect(worse.time < 0.8 && worse.plain > 150)
  }

  @Test func `begins with one token, and takes twice as many after a draft that was right to its end`() {
    var gauge = DraftGauge(most: 6, pacing: .priced(Self.prices))
    var counts: [Int] = []
    for _ in 0..<5 {
      let count = gauge.next(limit: 100)
      counts.append(count)
      gauge.note(drafted: count, accepted: count, seconds: 0)
    }
    #expect(counts == [1, 2, 4, 6, 6])
    #expect(gauge.next(limit: 3) == 3, "no more than are of use")
    #expect(gauge.next(limit: 0) == 0)
  }

  @Test func `measures passes first, and now and then again`() {
    var gauge = DraftGauge(most: 2, pacing: .measured)
    var counts: [Int] = []
    for _ in 0..<60 {
      let count = gauge.next(limit: 100)
      counts.append(count)
      gauge.note(drafted: count, accepted: count, seconds: 1)
    }
    #expect(counts.prefix(5) == [0, 0, 1, 2, 2])
    #expect(counts.dropFirst(2).count { $0 == 0 } == 1)
  }

  @Test func `estimates lengths that were never tried on the line through those that were`() {
    var costs = DraftCosts(nil)
    #expect(costs.relative(3) == 1, "nothing is known yet")
    costs.note(0, 2)
    costs.note(2, 3)
    costs.note(6, 4)
    #expect(costs.relative(0) == 1 && costs.relative(2) == 1.5)
    #expect(costs.relative(1) == 1.25 && costs.relative(4) == 1.75)
    #expect(costs.relative(8) == 2 + 1.0 / 3)
    for slow in [9, 9, 9] as [Double] { costs.note(2, slow) }
    #expect(costs.relative(2) == 4.5, "the one in the middle")
  }

  @Test func `is what a session does, with the same text`() async throws {
    let honest = `The laws of a session`.hashed(ByteTokenizer().vocabulary.size)
    for (isRight, bound) in [(false, 1.05), (true, 0.6)] {
      let target = FunctionModel(name: "target", options: .init(contextSize: 600), logits: honest)
      let draft = FunctionModel(name: "draft", options: .init(contextSize: 600)) {
        isRight ? honest($0) : honest($0).reversed()
      }
      let model = try SpeculativeDecoding(draft: .model(draft), target: target, pacing: .priced(Self.prices))
      let (alone, together) = (try await target.makeSession(), try await model.makeSession())
      let request = GenerationRequest(
        after: [1, 2, 3], sampling: .init(temperature: 1, topP: 1), seed: 4, limit: 200, ignoresEndOfGeneration: true)
      let expected = try await alone.sample(request)
      #expect(try await together.sample(request) == expected)
      let counters = await together.counters
      let rows = Double(counters.proposals.proposed.reduce(0, +))
      let time =
        Double(counters.steps) + Self.prices.row * rows + Self.prices.token * Double(draft.counters.sampled)
      #expect(time < bound * 200, "\(time)")
      #expect(counters.proposals.skipped > 0 || isRight)
    }
  }

  @Test func `learns for a session, over its generations and its forks`() async throws {
    let honest = `The laws of a session`.hashed(ByteTokenizer().vocabulary.size)
    let target = FunctionModel(name: "target", options: .init(contextSize: 600), logits: honest)
    let draft = FunctionModel(name: "draft", options: .init(contextSize: 600)) { honest($0).reversed() }
    let model = try SpeculativeDecoding(draft: .model(draft), target: target, pacing: .priced(Self.prices))
    var session = try await model.makeSession()
    try await session.extend(to: [1, 2, 3])
    for _ in 0..<20 {
      _ = try await session.sample(GenerationRequest(sampling: .greedy, limit: 10, ignoresEndOfGeneration: true))
      session = try await session.fork()
    }
    #expect(draft.counters.sampled < 16, "and not a trial for each of twenty generations")
  }

  @Test func `measures with the time that it is given`() async throws {
    let honest = `The laws of a session`.hashed(ByteTokenizer().vocabulary.size)
    // Passes of the target take a second, and drafts nearly nothing or three seconds.
    for (seconds, isWorthwhile) in [(0.01, true), (3, false)] as [(Double, Bool)] {
      let target = FunctionModel(name: "target", options: .init(contextSize: 600), logits: honest)
      let draft = FunctionModel(name: "draft", options: .init(contextSize: 600), logits: honest)
      var model = try SpeculativeDecoding(draft: .model(draft), target: target)
      model.now = { .seconds(Double(target.counters.steps) + seconds * Double(draft.counters.sampled)) }
      let session = try await model.makeSession()
      let request = GenerationRequest(
        after: [1, 2, 3], sampling: .greedy, limit: 200, ignoresEndOfGeneration: true)
      _ = try await session.sample(request)
      #expect((target.counters.steps < 80) == isWorthwhile)
      #expect((draft.counters.sampled < 20) != isWorthwhile)
    }
  }
}
