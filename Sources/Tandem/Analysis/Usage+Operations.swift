public import TandemInference

extension RoleUsage {
  /// Floating-point operations of all that was evaluated: two for each weight and token (Kaplan et al.,
  /// arXiv:2001.08361, Sec. 2.1). Attention is left out: its part depends on where in the window each token stood, and
  /// is small while the window is short against the model's width.
  ///
  /// Parameter-weighted tokens, in other words: what the papers compare when they count tokens of a large and a small
  /// model together.
  public func operations(of shape: ModelShape) -> Double {
    // The last token of a run is sampled and not evaluated; it is counted as if it were.
    2 * Double(shape.activeParameters) * Double(prefilled + sampled)
  }
}
