public import TandemInference

/// The large model alone: the quality that a strategy aims for, at the cost that it tries to avoid.
public struct LargeOnly: Strategy {
  /// "large-only".
  public static let name = "large-only"
  /// The baseline in one sentence.
  public static let about = StrategyDescription(
    summary: "The large model alone.", tested: "on the nano pair and SmolLM2")
  /// None.
  public static let settings: [SettingSpec<Self>] = []
  /// Any large model.
  public static let requirements: [Role: EngineCapabilities] = [.large: []]

  /// The baseline.
  public init() {}

  /// Lets the large model think and answer.
  public func reason(in run: inout ReasoningRun) async throws {
    try await run.think(by: .large)
    try await run.conclude(by: .large)
  }
}
