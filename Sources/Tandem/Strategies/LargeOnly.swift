public import TandemInference

/// The large model alone: the quality that a strategy wants, at the price it wants to avoid.
public struct LargeOnly: Strategy {
  public static let name = "large-only"
  public static let about = StrategyDescription(
    summary: "The large model alone.", paper: nil, settings: [:], tested: "on the nano pair and SmolLM2")
  public static let requirements: [Role: EngineCapabilities] = [.large: []]

  public init() {}

  public func reason(in run: inout ReasoningRun) async throws {
    while run.canThink() { try run.accept(try await run.write(.large, upTo: .endOfSegment)) }
    try await run.conclude(by: .large)
  }
}
