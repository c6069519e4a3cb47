public import TandemInference

/// Temperature scaling of the stop (TS, arXiv:2505.07961, Sec. 3): one model, whose end of thinking is made likelier.
///
/// The paper scales z / T with T < 1 at every step. Its values of T are not known, and neither is what it does with a
/// logit below 0; `StopTemperature` has the choices.
public struct TemperatureScaling: Strategy {
  public static let name = "temperature-scaling"
  public static let about = StrategyDescription(
    summary: "One model that is made to end its thinking sooner.",
    paper: "Making Small Language Models Efficient Reasoners (TS), arXiv:2505.07961",
    settings: [
      "role": "which model: small or large",
      "stopTemperature": "T: below 1 ends the thinking sooner, 1 is off",
      "measure": "how a logit is divided: paper, sign-safe, shifted or log-odds",
    ], tested: "identity at T = 1; on the nano pair")
  public static let requirements: [Role: EngineCapabilities] = [.small: .logits]

  public var role = Role.small
  public var stopTemperature: Float = 0.9
  public var measure = StopTemperature.Measure.signSafe

  public init() {}

  /// z / T as printed.
  public static var paper: Self {
    var paper = Self()
    paper.measure = .paper
    return paper
  }

  public var needs: [Role: EngineCapabilities] { [role: stopTemperature == 1 ? [] : .logits] }

  public func validate() throws(ReasoningError) {
    guard stopTemperature > 0, stopTemperature.isFinite else {
      throw .invalidSetting(name: "stopTemperature", reason: "must be above 0, not \(stopTemperature)")
    }
  }

  public func reason(in run: inout ReasoningRun) async throws {
    run.adjust(role) { $0.stopTemperature = StopTemperature(stopTemperature, measure: measure) }
    while run.canThink() { try run.accept(try await run.write(role, upTo: .endOfSegment)) }
    try await run.conclude(by: role)
  }
}
