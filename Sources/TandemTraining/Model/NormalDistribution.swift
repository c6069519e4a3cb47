import TandemInference

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Normally distributed numbers with mean 0 and variance 1, from two uniform ones each (Box and Muller 1958).
struct NormalDistribution {
  private var generator: SplitMix64

  init(seed: UInt64) { generator = SplitMix64(seed: seed) }

  mutating func next() -> Float {
    // 1 - u is above 0, so that its logarithm is a number.
    let (u, v) = (1 - Double(generator.uniform()), Double(generator.uniform()))
    return Float((-2 * log(u)).squareRoot() * cos(2 * Double.pi * v))
  }
}
