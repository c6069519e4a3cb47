/// One entry of a model's vocabulary, by its number.
public struct Token: RawRepresentable, Hashable, Sendable, Codable, ExpressibleByIntegerLiteral {
  public let rawValue: Int32

  public init(rawValue: Int32) { self.rawValue = rawValue }
  public init(integerLiteral value: Int32) { rawValue = value }
  public init(from decoder: any Decoder) throws { rawValue = try decoder.singleValueContainer().decode(Int32.self) }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(rawValue)
  }
}

extension Token: CustomStringConvertible {
  public var description: String { String(rawValue) }
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
