import TandemInference
import TandemTesting
import Testing

@Suite struct `A bound on entropy` {
  @Test(
    arguments: [
      (EntropyBound(.above, 1), [0.5, 1.5], true), (EntropyBound(.above, 1), [1.5, 1], false),
      (EntropyBound(.below, 1), [1.5, 0.5], true), (EntropyBound(.below, 1), [0.5, 1], false),
      (EntropyBound(.above, 1, window: 2), [3, 0, 1.9], false),
      (EntropyBound(.above, 1, window: 2), [0, 0.2, 1.9], true),
      (EntropyBound(.above, 1, window: 5), [1.1], true), (EntropyBound(.above, 1, window: 5), [], false),
      (EntropyBound(.above, 1, minimumTokens: 3), [2, 2], false),
      (EntropyBound(.above, 1, minimumTokens: 3), [2, 2, 2], true),
    ] as [(EntropyBound, [Float], Bool)])
  func `is on the mean of the last tokens`(bound: EntropyBound, entropies: [Float], isCrossed: Bool) throws {
    #expect(try bound.isCrossed(by: entropies.map { .exact($0) }) == isCrossed)
  }

  @Test func `is in nats, or as a share of ln V`() throws {
    let share = try #require(EntropyBound(.above, 0.5, isNormalised: true).resolved(vocabularySize: 1000))
    #expect(abs(share.threshold - 3.453_878) < 1e-5)
    #expect(EntropyBound(.above, 7).resolved(vocabularySize: 1000) == nil)  // ln 1000 = 6.9
    #expect(EntropyBound(.above, 6.8).resolved(vocabularySize: 1000)?.threshold == 6.8)
    #expect(EntropyBound(.below, 0).resolved(vocabularySize: 1000) == nil)
  }

  @Test func `ends a generation at the token that crosses it`() throws {
    let entropies: [Float] = [2, 0.1, 0.4, 0.1, 0.1, 3, 3]
    func length(_ bounds: EntropyBound..., limit: Int = 7) throws -> Int? {
      var rule = StopRule(
        GenerationRequest(stops: bounds.map { .entropy($0) }, limit: limit), tokenizer: ByteTokenizer())
      return try entropies.firstIndex { entropy in
        try rule.reason(after: SampledToken(token: 65, logProbability: .exact(0), entropy: .exact(entropy))) == .entropy
      }.map { $0 + 1 }
    }
    #expect(try length(EntropyBound(.below, 0.2)) == 2)
    #expect(try length(EntropyBound(.below, 0.2, minimumTokens: 3)) == 4)
    #expect(try length(EntropyBound(.below, 0.2, window: 2)) == 5)
    #expect(try length(EntropyBound(.below, 0.2, window: 3)) == nil)
    #expect(try length(EntropyBound(.above, 2)) == 6)
    #expect(try length(EntropyBound(.above, 2, window: 2)) == 7)
    #expect(try length(EntropyBound(.above, 2, window: 2), EntropyBound(.below, 0.2, window: 2)) == 5)
    #expect(try length(EntropyBound(.above, 0.3, isNormalised: true)) == 1)  // 0.3 · ln 263 is 1.67
    #expect(try length(EntropyBound(.below, 0)) == nil)
    #expect(try length(EntropyBound(.above, 2), limit: 6) == 6)  // and not because of the limit
  }

  @Test(
    arguments: [
      (EntropyBound(.above, 1), [.bounded(1.1...2)], true), (EntropyBound(.above, 1), [.bounded(0...1)], false),
      (EntropyBound(.above, 1), [.bounded(0.9...1.1)], nil), (EntropyBound(.above, 1), [.unknown], nil),
      (EntropyBound(.below, 1), [.bounded(0.1...0.9)], true), (EntropyBound(.below, 1), [.bounded(1...2)], false),
      (EntropyBound(.below, 1), [.bounded(0.9...1)], nil),
      (EntropyBound(.above, 1, window: 2), [.exact(1.5), .bounded(0.6...0.7)], true),
      (EntropyBound(.above, 1, window: 2), [.exact(1.5), .bounded(0.4...0.7)], nil),
      (EntropyBound(.above, 1, window: 1), [.unknown, .exact(2)], true),
      (EntropyBound(.above, 1, minimumTokens: 2), [.unknown], false),
    ] as [(EntropyBound, [Measured], Bool?)])
  func `is crossed or not if both ends of a range agree, and an error if they don't`(
    bound: EntropyBound, entropies: [Measured], isCrossed: Bool?
  ) throws {
    guard let isCrossed else {
      let error = #expect(throws: EngineError.self) { try bound.isCrossed(by: entropies) }
      #expect(error?.code == "inexact")
      return
    }
    #expect(try bound.isCrossed(by: entropies) == isCrossed)
  }

  @Test func `names what is missing`() {
    let mean = Measured.bounded(0.25...0.75)
    #expect(
      throws: EngineError.inexact(
        quantity: "entropy of the last token", known: mean, needed: "be on one side of 0.5 nats")
    ) {
      try EntropyBound(.above, 0.5).isCrossed(by: [mean])
    }
    #expect(
      EngineError.inexact(quantity: "entropy", known: mean, needed: "be exact").description
        == "The entropy is only known to lie between 0.25 and 0.75, and must be exact. "
        + "Use an engine that computes whole distributions, or let the server report more of the likeliest tokens.")
    #expect(
      EngineError.inexact(quantity: "entropy", known: .unknown, needed: "be exact").description.hasPrefix(
        "The entropy is unknown, and must be exact. "))
  }

  @Test func `makes sense, or is refused`() {
    func reason(_ bound: EntropyBound) -> String? {
      do throws(EngineError) {
        try GenerationRequest(stops: [.entropy(bound)], limit: 1).validate()
      } catch { return error.description }
      return nil
    }
    #expect(reason(EntropyBound(.above, 1, window: 9, minimumTokens: 0)) == nil)
    #expect(reason(EntropyBound(.below, 1, window: 0)) == "window must be at least 1, not 0.")
    #expect(reason(EntropyBound(.below, .nan)) == "threshold must be a number, not nan.")
  }
}
