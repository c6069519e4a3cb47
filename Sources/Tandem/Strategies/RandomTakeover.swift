public import TandemInference

/// The large model takes over at random: the control for any strategy that chooses where it does.
///
/// No paper has it. Without it, one cannot tell whether the choice of place helps or only the large model's share.
public struct RandomTakeover: Strategy {
  /// "random-takeover".
  public static let name = "random-takeover"
  /// The control in one sentence.
  public static let about = StrategyDescription(
    summary: "The large model writes some thoughts, chosen at random: a control.", tested: "on the nano pair")
  /// The declaration of each setting.
  public static let settings: [SettingSpec<Self>] = [
    .init("probability", \.probability, "chance that the large model writes the next thought", .range(0...1)),
    .init(
      "takeoverTokens", \.takeoverTokens, "most tokens of one thought by the large model", .range(1...Budget.mostTokens)
    ),
    .init("answeredBy", \.answeredBy, "who writes the answer"),
  ]
  /// Any pair.
  public static let requirements: [Role: EngineCapabilities] = [.small: [], .large: []]

  /// The chance that the large model writes the next thought.
  public var probability = 0.2
  /// The most tokens of one thought by the large model.
  public var takeoverTokens = 20
  /// The model that writes the answer.
  public var answeredBy = Role.small

  /// One thought in five by the large model.
  public init() {}

  /// Draws the author of each thought.
  public func reason(in run: inout ReasoningRun) async throws {
    while run.canThink {
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
  /// Chance.
  public static let random: Self = "random"
}
