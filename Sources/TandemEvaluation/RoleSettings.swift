public import Tandem
import TandemInference

/// How a row uses one of the models, beside the conditions that all rows have: what a method adds to a model, such as
/// an adapter that was trained for it.
public struct RoleSettings: Sendable, Hashable, Codable {
  /// T on the end of its thinking, and how a logit is divided; 1 is off.
  public var stopTemperature: Float?
  public var stopMeasure: StopTemperature.Measure?
  /// A GGUF file with a LoRA adapter, and its scale; 1 unless given.
  public var lora: String?
  public var loraScale: Float?
  /// A LoRA that is on while the model chooses among drafts, instead of the one above.
  public var selector: String?

  public init(
    stopTemperature: Float? = nil, stopMeasure: StopTemperature.Measure? = nil, lora: String? = nil,
    loraScale: Float? = nil, selector: String? = nil
  ) {
    self.stopTemperature = stopTemperature
    self.stopMeasure = stopMeasure
    self.lora = lora
    self.loraScale = loraScale
    self.selector = selector
  }
}

extension Participant {
  /// The same model, used in the way of `settings`.
  public func with(_ settings: RoleSettings?) -> Self {
    guard let settings else { return self }
    var participant = self
    if let temperature = settings.stopTemperature { participant.stopTemperature.temperature = temperature }
    if let measure = settings.stopMeasure { participant.stopTemperature.measure = measure }
    if let lora = settings.lora {
      participant.adapter = Adapter(lora: [.init(path: lora, scale: settings.loraScale ?? 1)])
    }
    if let selector = settings.selector { participant.selector = Adapter(lora: [.init(path: selector)]) }
    return participant
  }
}

extension Solver {
  /// The solver for a row of a plan.
  func with(_ row: Plan.Row) -> Self {
    var solver = self
    solver.small = small?.with(row.small)
    solver.large = large?.with(row.large)
    return solver
  }
}
