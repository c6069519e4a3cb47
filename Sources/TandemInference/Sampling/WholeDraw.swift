extension SplitMix64 {
  /// Draws from the whole distribution of `logits` at `temperature`, in the vocabulary's order.
  mutating func drawIndex(from logits: Span<Float>, maximum: Float, temperature: Float) -> Int {
    var left = uniform() * Softmax(logits, maximum: maximum, temperature: temperature).sum
    for start in stride(from: 0, to: logits.wholeBlocks, by: 8) {
      let distance = logits.eight(at: start) - maximum
      // What is below half of the last digit of `left` does not change it: ln 2²⁶ = 18.02, and a little for rounding.
      let least = (Float(left.exponent) * 0.693_147_2 - 18.1) * temperature
      guard any(distance .>= least) else { continue }
      let weights = Softmax.weights(distance / temperature)
      for lane in 0..<8 {
        left -= weights[lane]
        if left < 0 { return start + lane }
      }
    }
    for index in logits.wholeBlocks..<logits.count {
      left -= Self.weight((logits[index] - maximum) / temperature)
      if left < 0 { return index }
    }
    // Rounding can leave a little over: it belongs to the last token that has any weight.
    return logits.indices.last { Self.weight((logits[$0] - maximum) / temperature) > 0 } ?? 0
  }

  private static func weight(_ x: Float) -> Float { Softmax.weights(SIMD8(repeating: x))[0] }
}
