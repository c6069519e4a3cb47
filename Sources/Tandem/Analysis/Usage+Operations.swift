public import TandemInference

extension RoleUsage {
  /// Floating-point operations of all evaluated tokens: two for each weight and token (Kaplan et al., arXiv:2001.08361,
  /// Sec. 2.1). Attention is left out: its part depends on each token's position, and is small if the window is short
  /// compared to the model's width.
  ///
  /// In other words, tokens weighted by parameters, which the papers compare when they count tokens of a large and a
  /// small model together.
  public func operations(of shape: ModelShape) -> Double {
    // The last token of a run is sampled and not evaluated; it is counted as if it were.
    2 * Double(shape.activeParameters) * Double(prefilled + sampled)
  }
}
