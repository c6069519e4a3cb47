public import TandemInference

/// Temperature scaling of the stop (TS, arXiv:2505.07961, Sec. 3): one model, whose end of thinking is made more
/// likely.
///
/// The paper scales z / T with T < 1 at every step. It does not give its values of T, nor what it does with a logit
/// below 0; `StopTemperature` has the choices.
public struct TemperatureScaling: Strategy {
  /// "temperature-scaling".
  public static let name = "temperature-scaling"
  /// The strategy in one sentence.
  public static let about = StrategyDescription(
    summary: "One model, with a more likely end of thinking.",
    paper: "Making Small Language Models Efficient Reasoners (TS), arXiv:2505.07961",
    tested: "identity at T = 1; on the nano pair")
  /// The declaration of each setting.
  public static let settings: [SettingSpec<Self>] = [
    .init("role", \.role, "which model"),
    .init(
      "stopTemperature", \.stopTemperature, "temperature of the end of thinking: below 1 ends it sooner, 1 is off",
      StopTemperature.domain, paper: "T"),
    .init("measure", \.measure, "how a logit is divided by the temperature"),
  ]
  /// A small model whose logits can be changed, unless `role` says otherwise.
  public static let requirements: [Role: EngineCapabilities] = [.small: .logits]

  /// The model that reasons.
  public var role = Role.small
  /// T: below 1 ends the thinking sooner, 1 is off.
  public var stopTemperature: Float = 0.9
  /// The point from which a logit is measured when it is divided.
  public var measure = StopTemperature.Measure.signSafe

  /// T = 0.9, sign-safe.
  public init() {}

  /// z / T as printed in the paper.
  public static var paper: Self {
    var paper = Self()
    paper.measure = .paper
    return paper
  }

  /// What changing the logit needs, unless T is 1.
  public var needs: [Role: EngineCapabilities] {
    [role: StopTemperature(stopTemperature, measure: measure).needs]
  }

  /// Scales the stop, then lets the model think and answer.
  public func reason(in run: inout ReasoningRun) async throws {
    run.adjust(role) { $0.stopTemperature = StopTemperature(stopTemperature, measure: measure) }
    try await run.think(by: role)
    try await run.conclude(by: role)
  }
}
