public import TandemInference

extension RoleUsage {
  /// Estimated floating-point operations of what one model did in a run: every token it read or sampled, at the mean
  /// position of the run.
  ///
  /// Where the tokens stood is not recorded; in a run of few thousand tokens attention is a few per cent of the whole.
  public func operations(_ model: ModelShape) -> Double {
    let count = prefilled + sampled
    return model.operations(evaluating: count, after: 0)
  }
}

extension Usage {
  /// Tokens of both models, each counted with its share of the large model's weights: what the run cost in tokens of the
  /// large one. Reading counts like writing.
  public func weightedTokens(small: ModelShape, large: ModelShape) -> Double {
    let share = Double(small.activeParameters) / Double(large.activeParameters)
    let (s, l) = (self.small.prefilled + self.small.sampled, self.large.prefilled + self.large.sampled)
    return Double(s) * share + Double(l)
  }
}
