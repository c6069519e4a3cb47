public import TandemInference

/// How a model writes; a strategy may change it from one phase to the next.
public struct WritingOptions: Sendable, Hashable {
  /// How each token is drawn.
  public var sampling: SamplingParameters
  /// The temperature of the end of its thinking.
  public var stopTemperature: StopTemperature

  /// Sampling, with the end of thinking left alone unless told otherwise.
  public init(sampling: SamplingParameters, stopTemperature: StopTemperature = .off) {
    self.sampling = sampling
    self.stopTemperature = stopTemperature
  }
}
