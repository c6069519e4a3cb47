/// The sums over a row of logits that log-probabilities and entropy are made from.
///
/// A vocabulary has up to 260,000 entries and this runs for every token, so the exponential is computed eight at a
/// time (relative error below 2e-7). The order of the additions is part of what a seed promises: it stays.
package struct Softmax {
  /// The largest logit.
  package let maximum: Float
  /// Σ exp(l − maximum)
  package let sum: Float
  /// Σ (l − maximum) · exp(l − maximum)
  private let weighted: Float

  /// ln Σ exp(l): what turns a logit into a log-probability.
  package var logSumExp: Float { maximum + Self.log(sum) }

  /// −Σ p ln p, in nats.
  package var entropy: Float { max(0, Self.log(sum) - weighted / sum) }

  /// Whether there is a distribution: no NaN, and at least one token allowed.
  package var isFinite: Bool { maximum.isFinite && sum.isFinite }

  /// - Parameter temperature: Divides every distance from the maximum.
  package init(_ logits: Span<Float>, temperature: Float = 1) {
    self.init(logits, maximum: logits.maximum(), temperature: temperature)
  }

  /// The same where the largest logit is known.
  init(_ logits: Span<Float>, maximum: Float, temperature: Float) {
    self.maximum = maximum
    guard maximum.isFinite else {
      (sum, weighted) = (.nan, .nan)
      return
    }
    let scale = 1 / temperature
    var sums = SIMD8<Float>.zero
    var weights = SIMD8<Float>.zero
    for start in stride(from: 0, to: logits.wholeBlocks, by: 8) {
      // Below e⁻⁸⁷ a Float is no longer normal, and −∞ would turn into a NaN.
      let distance = ((logits.eight(at: start) - maximum) * scale).atLeast(-87)
      let power = Self.exp(distance)
      sums += power
      weights += distance * power
    }
    var (sum, weighted) = (sums.sum(), weights.sum())
    for index in logits.wholeBlocks..<logits.count {
      let distance = SIMD8(repeating: max((logits[index] - maximum) * scale, -87))
      let power = Self.exp(distance)
      sum += power[0]
      weighted += distance[0] * power[0]
    }
    (self.sum, self.weighted) = (sum, weighted)
  }

  /// eˣ for −87 ≤ x ≤ 0: x = n ln 2 + r, a polynomial for eʳ, and n into the exponent bits.
  @inline(__always)
  package static func exp(_ x: SIMD8<Float>) -> SIMD8<Float> {
    let shifted = x * 1.442_695 + 12_582_912  // 1.5 · 2²³: rounds to a whole n, and leaves it in the lowest bits
    let n = shifted - 12_582_912
    let r = x - n * 0.693_359_4 + n * 2.121_944_4e-4  // ln 2 in two parts, so that r keeps all its digits
    var p = r * 1.987_569_1e-4 + 1.398_199_9e-3
    p = p * r + 8.333_452e-3
    p = p * r + 4.166_579_6e-2
    p = p * r + 1.666_666_5e-1
    p = p * r + 0.5
    p = p * r * r + r + 1
    let power = (unsafeBitCast(shifted, to: SIMD8<UInt32>.self) &+ 127) &<< 23
    return p * unsafeBitCast(power, to: SIMD8<Float>.self)
  }

  /// eˣ for x ≤ 0, and 0 where that is no normal Float.
  ///
  /// Never inlined: callers take its lanes apart, and the compiler would then compute each by itself.
  @inline(never)
  static func weights(_ x: SIMD8<Float>) -> SIMD8<Float> {
    exp(x.atLeast(-87)).replacing(with: 0, where: x .< -87)
  }

  /// Natural logarithm of a positive number; `Foundation` is not imported here.
  package static func log(_ x: Float) -> Float {
    guard x > 0, x.isFinite else { return x == 0 ? -.infinity : x }
    // x = m · 2ᵉ with m around 1; ln m by the series of artanh((m − 1) / (m + 1)), exact to Float within 8 terms.
    var (exponent, significand) = (Double(x.exponent), Double(x.significand))
    if significand > 1.414 { (significand, exponent) = (significand / 2, exponent + 1) }
    let t = (significand - 1) / (significand + 1)
    var (power, series) = (t, t)
    for k in stride(from: 3.0, through: 15, by: 2) {
      power *= t * t
      series += power / k
    }
    return Float(2 * series + exponent * 0.693_147_180_559_945_3)
  }
}
