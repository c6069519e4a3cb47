/// Eight numbers at a time: two registers of any x86-64, two of ARM's.

extension Span where Element == Float {
  /// Where the last whole block of eight ends.
  var wholeBlocks: Int { count & ~7 }

  /// The eight numbers from `start` on, in one load. The caller keeps `start + 8` within the span.
  @inline(__always)
  package func eight(at start: Int) -> SIMD8<Float> {
    bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: start &* MemoryLayout<Float>.stride, as: SIMD8<Float>.self)
  }

  /// The largest number; NaN if one is none, and −∞ if there is nothing.
  func maximum() -> Float {
    var maxima = SIMD8<Float>(repeating: -.infinity)
    var isNumber = SIMDMask<SIMD8<Int32>>(repeating: true)  // a comparison would swallow a NaN
    for start in stride(from: 0, to: wholeBlocks, by: 8) {
      let row = eight(at: start)
      isNumber .&= row .== row
      maxima.replace(with: row, where: row .> maxima)
    }
    guard all(isNumber) else { return .nan }
    var maximum = maxima.max()
    for index in wholeBlocks..<count {
      guard !self[index].isNaN else { return .nan }
      maximum = Swift.max(maximum, self[index])
    }
    return maximum
  }

  /// How many numbers are above `bound`.
  func count(above bound: Float) -> Int {
    var counts = SIMD8<Int32>.zero
    for start in stride(from: 0, to: wholeBlocks, by: 8) {
      counts &+= SIMD8<Int32>.zero.replacing(with: 1, where: eight(at: start) .> bound)
    }
    var sum = Int(counts.wrappedSum())
    for index in wholeBlocks..<count where self[index] > bound { sum += 1 }
    return sum
  }

  /// The place of the first number that is `value`.
  func firstIndex(of value: Float) -> Int? {
    var index = 0
    while index < wholeBlocks, !any(eight(at: index) .== value) { index += 8 }
    while index < count {
      if self[index] == value { return index }
      index += 1
    }
    return nil
  }
}

extension SIMD8<Float> {
  /// Each lane, or `bound` where that is more. (`pointwiseMax` of the standard library goes lane by lane.)
  @inline(__always)
  func atLeast(_ bound: Float) -> Self { replacing(with: bound, where: self .< bound) }
}

extension Bool {
  /// 1 or 0, without a branch.
  @inline(__always)
  var number: Int { Int(truncatingIfNeeded: unsafeBitCast(self, to: UInt8.self)) }
}
