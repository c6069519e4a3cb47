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
  func `is on the mean of the last tokens`(bound: EntropyBound, entropies: [Float], isCrossed: Bool) {
    #expect(bound.isCrossed(by: entropies) == isCrossed)
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
        try rule.reason(after: SampledToken(token: 65, logProbability: 0, entropy: entropy)) == .entropy
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

  @Test func `makes sense, or is refused`() {
    func reason(_ bound: EntropyBound) -> String? {
      do throws(EngineError) {
        try GenerationRequest(stops: [.entropy(bound)], limit: 1).validate()
      } catch { return error.description }
      return nil
    }
    #expect(reason(EntropyBound(.above, 1, window: 9, minimumTokens: 0)) == nil)
    #expect(reason(EntropyBound(.below, 1, window: 0)) == "entropy-window must be at least 1, not 0.")
    #expect(reason(EntropyBound(.below, .nan)) == "entropy-threshold must be a number, not nan.")
  }
}
