#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A learning rate that rises linearly and then falls along half a cosine (arXiv:1608.03983).
package struct CosineSchedule: Sendable, Hashable, Codable {
  package var peak: Float
  /// Steps until the peak.
  package var warmUp: Int
  /// Steps until the end.
  package var steps: Int
  /// The share of the peak that is left at the end.
  package var floor: Float

  package init(peak: Float, warmUp: Int, steps: Int, floor: Float = 0.02) {
    self.peak = peak
    self.warmUp = warmUp
    self.steps = steps
    self.floor = floor
  }

  /// The rate of a step, counted from 1; after the end, the last one.
  package func rate(at step: Int) -> Float {
    if step <= warmUp { return peak * Float(step) / Float(warmUp) }
    let progress = min(Double(step - warmUp) / Double(max(steps - warmUp, 1)), 1)
    return peak * (floor + (1 - floor) * Float(0.5 * (1 + cos(Double.pi * progress))))
  }
}
