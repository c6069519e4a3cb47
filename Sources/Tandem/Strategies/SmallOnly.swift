public import TandemInference

/// The small model alone: the baseline that a strategy must beat, with the same prompt, sampling and answer.
public struct SmallOnly: Strategy {
  public static let name = "small-only"
  public static let about = StrategyDescription(
    summary: "The small model alone.", paper: nil, settings: [:], tested: "on the nano pair and SmolLM2")
  public static let requirements: [Role: EngineCapabilities] = [.small: []]

  public init() {}

  public func reason(in run: inout ReasoningRun) async throws {
    while run.canThink() { try run.accept(try await run.write(.small, upTo: .endOfSegment)) }
    try await run.conclude(by: .small)
  }
}
