#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The clipped loss of GRPO (arXiv:2402.03300, eq. 3) with its variants.
///
/// For a token with ratio ρ = π / π_old and advantage A: −min(ρ A, clip(ρ, 1 − ε_low, 1 + ε_high) A) + β · k3, where
/// k3 = π_ref / π − ln(π_ref / π) − 1 estimates the divergence from the reference and is never negative.
package struct PolicyObjective: Sendable, Hashable, Codable {
  /// What the losses of tokens are divided by.
  package enum Normalization: String, Sendable, Hashable, Codable, CaseIterable {
    /// All tokens count the same (DAPO, arXiv:2503.14476, 3.3).
    case token
    /// All completions count the same, tokens of long ones less (GRPO).
    case sequence
    /// The number of completions times the limit, whatever their lengths (Dr. GRPO, arXiv:2503.20783, 3.2).
    case limit
  }

  /// ε_low
  package var clipBelow: Float = 0.2
  /// ε_high: DAPO's "clip higher" has 0.28, so that unlikely tokens may grow.
  package var clipAbove: Float = 0.2
  /// β
  package var divergenceWeight: Float = 0
  package var normalization = Normalization.token
  /// OREAL's losses instead of the clipped ones, if given.
  package var oreal: OREAL?
  /// SmartThinker's advantages of steps, and its clip, in the clipped losses, if given.
  package var stepLength: StepLengthControl?

  package init() {}

  /// The loss of one token, from log-probabilities. What `Llama.loss(of:by:)` is tested against.
  ///
  /// - Parameter clipGrowth: What is added to ε_high.
  package func loss(
    _ now: Double, old: Double, reference: Double, advantage: Double, clipGrowth: Double = 0
  ) -> Double {
    let distance = reference - now
    let divergence = Double(divergenceWeight) * (exp(distance) - distance - 1)
    if let oreal { return oreal.loss(now, old: old, advantage: advantage) + divergence }
    let ratio = exp(now - old)
    let clipped = min(max(ratio, 1 - Double(clipBelow)), 1 + Double(clipAbove) + clipGrowth)
    return -min(ratio * advantage, clipped * advantage) + divergence
  }

  /// What the tokens of each completion are weighted with: over all tokens of all completions, the weighted losses sum
  /// up to the loss.
  ///
  /// - Parameters:
  ///   - lengths: Tokens of each completion that the losses are divided over, those without an advantage included.
  ///   - limit: The most tokens of a completion.
  package func weights(lengths: [Int], limit: Int) -> [Float] {
    let total = lengths.reduce(0, +)
    return lengths.map { length in
      switch normalization {
      case .token: 1 / Float(max(total, 1))
      case .sequence: 1 / Float(max(length, 1) * lengths.count)
      case .limit: 1 / Float(limit * lengths.count)
      }
    }
  }

  /// Throws `invalidOption`, naming the first option that makes no sense.
  package func validate() throws(TrainingError) {
    func check(_ name: String, _ value: Float, _ range: ClosedRange<Float>) throws(TrainingError) {
      guard range.contains(value) else {
        let rule = "must be from \(range.lowerBound) to \(range.upperBound)"
        throw .invalidOption(name: name, reason: "\(rule), not \(value)")
      }
    }
    try check("clipBelow", clipBelow, 0...1)
    try check("clipAbove", clipAbove, 0...100)
    try check("divergenceWeight", divergenceWeight, 0...1000)
    try oreal?.validate()
    try stepLength?.validate()
    guard oreal == nil || stepLength == nil else {
      throw .invalidOption(name: "objective", reason: "can't be OREAL's and have advantages of steps")
    }
  }
}
