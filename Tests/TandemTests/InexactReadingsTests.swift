import Tandem
import TandemInference
import TandemTesting
import Testing

@Suite struct `Entropies that are known within bounds` {
  /// Two models that report the `count` likeliest tokens, or all.
  private func run(_ count: Int?, seed: UInt64) async -> Run {
    var strategy = EntropySwitching()
    strategy.threshold = 0.54  // between the entropies of the two models
    return await Pair(
      small: FunctionModel.thinker("small", options: .init(reportedTokens: count)),
      large: FunctionModel.thinker("large", wait: 0.2, options: .init(reportedTokens: count))
    ).run(strategy, seed: seed)
  }

  @Test func `decide as exact ones do, or are an error that says what is missing`() async throws {
    var (same, refused) = (0, 0)
    for seed in 0..<12 as Range<UInt64> {
      let exact = await run(nil, seed: seed)
      try #require(exact.error == nil)
      for count in 1...7 {
        let bounded = await run(count, seed: seed)
        if let error = bounded.error {
          #expect((error as? EngineError)?.code == "inexact")
          #expect("\(error)".contains("0.54") || "\(error)".contains("nats"))
          refused += 1
        } else {
          #expect(bounded.trace.description == exact.trace.description)
          same += 1
        }
      }
    }
    #expect(same > 0 && refused > 0, "\(same) runs are the same, and \(refused) were refused")
  }

  @Test func `are not known at all from a server that reports no log-probabilities`() async {
    let error = await run(0, seed: 1).error as? EngineError
    #expect(error?.code == "inexact" && error?.description.contains("unknown") == true)
  }
}
