public import TandemInference

/// The small model alone: the baseline that a strategy must beat, with the same prompt, sampling and answer.
public struct SmallOnly: Strategy {
  /// "small-only".
  public static let name = "small-only"
  /// The baseline in one sentence.
  public static let about = StrategyDescription(
    summary: "The small model alone.", tested: "on the nano pair and SmolLM2")
  /// None.
  public static let settings: [SettingSpec<Self>] = []
  /// Any small model.
  public static let requirements: [Role: EngineCapabilities] = [.small: []]

  /// The baseline.
  public init() {}

  /// Lets the small model think and answer.
  public func reason(in run: inout ReasoningRun) async throws {
    try await run.think(by: .small)
    try await run.conclude(by: .small)
  }
}
