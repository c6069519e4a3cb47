/// One entry of a model's vocabulary, by its number.
public struct Token: RawRepresentable, Hashable, Sendable, Codable, ExpressibleByIntegerLiteral {
  /// Its number in the vocabulary.
  public let rawValue: Int32

  /// The token with this number.
  public init(rawValue: Int32) { self.rawValue = rawValue }
  /// The token with this number.
  public init(integerLiteral value: Int32) { rawValue = value }
  /// From a plain number.
  public init(from decoder: any Decoder) throws { rawValue = try decoder.singleValueContainer().decode(Int32.self) }

  /// As a plain number.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(rawValue)
  }
}

extension Token: CustomStringConvertible {
  /// Its number.
  public var description: String { String(rawValue) }
}

extension [Token] {
  /// How many tokens this array and `other` have in common from their start: sixteen at a time, since every request of a
  /// run compares all that its session holds.
  package func commonPrefixCount(with other: [Token]) -> Int {
    let least = Swift.min(count, other.count)
    return withUnsafeBytes { mine in
      other.withUnsafeBytes { theirs in
        let (block, size) = (16, MemoryLayout<Token>.stride)
        var index = 0
        while index + block <= least,
          all(
            mine.loadUnaligned(fromByteOffset: index * size, as: SIMD16<Int32>.self)
              .== theirs.loadUnaligned(fromByteOffset: index * size, as: SIMD16<Int32>.self))
        {
          index += block
        }
        while index < least, self[index] == other[index] { index += 1 }
        return index
      }
    }
  }
}

extension Collection where Element: Equatable {
  /// How many elements this collection and `other` have in common from their start.
  package func commonPrefixCount(with other: some Collection<Element>) -> Int {
    var count = 0
    for (mine, theirs) in zip(self, other) {
      guard mine == theirs else { break }
      count += 1
    }
    return count
  }
}
