/// SplitMix64 (Steele, Lea and Flood 2014): small, fast, and the same on every platform.
package struct SplitMix64: RandomNumberGenerator {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// Leaves out the next `count` numbers.
  package mutating func skip(_ count: Int) { state &+= UInt64(count) &* 0x9e37_79b9_7f4a_7c15 }

  /// A number from 0 to below 1.
  package mutating func uniform() -> Float { Float(next() >> 40) * 0x1p-24 }

  /// A seed for the `index`-th child of this generator's seed: distinct streams from one seed.
  package static func derive(_ seed: UInt64, _ index: UInt64) -> UInt64 {
    var generator = Self(seed: seed ^ (index &* 0xd134_2543_de82_ef95))
    _ = generator.next()
    return generator.next()
  }
}
