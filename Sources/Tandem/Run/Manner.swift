public import TandemInference

/// How a model is to write; a strategy may change it from one phase to the next.
public struct Manner: Sendable, Hashable {
  public var sampling: SamplingParameters
  public var stopTemperature: StopTemperature

  public init(sampling: SamplingParameters, stopTemperature: StopTemperature = .off) {
    self.sampling = sampling
    self.stopTemperature = stopTemperature
  }
}
