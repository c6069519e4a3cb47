public import TandemInference

/// The large model takes over at random: the control for any strategy that chooses where.
///
/// No paper has it; without it nobody knows whether the choice of place helps, or just the large model's share.
public struct RandomTakeover: Strategy {
  public static let name = "random-takeover"
  public static let about = StrategyDescription(
    summary: "The large model writes some thoughts, chosen at random: a control.", paper: nil,
    settings: [
      "probability": "chance that the large model writes the next thought",
      "takeoverTokens": "most tokens of one thought by the large model",
      "answeredBy": "who writes the answer: small or large",
    ], tested: "on the nano pair")
  public static let requirements: [Role: EngineCapabilities] = [.small: [], .large: []]

  public var probability = 0.2
  public var takeoverTokens = 20
  public var answeredBy = Role.small

  public init() {}

  public func validate() throws(ReasoningError) {
    guard (0...1).contains(probability) else {
      throw .invalidSetting(name: "probability", reason: "must be from 0 to 1, not \(probability)")
    }
    guard takeoverTokens > 0 else {
      throw .invalidSetting(name: "takeoverTokens", reason: "must be above 0, not \(takeoverTokens)")
    }
  }

  public func reason(in run: inout ReasoningRun) async throws {
    while run.canThink() {
      if run.random() < probability {
        run.handOver(to: .large, because: .random)
        try run.accept(try await run.write(.large, upTo: .boundary(atMost: takeoverTokens)))
      } else {
        try run.accept(try await run.write(.small, upTo: .boundary()))
      }
    }
    try await run.conclude(by: answeredBy)
  }
}

extension Reason {
  /// By lot.
  public static let random = Self(rawValue: "random")
}
