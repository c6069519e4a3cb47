// Numbers from files are bounded where they are read, so that sums of them cannot overflow.
extension KeyedDecodingContainer {
  /// Reads a number of things.
  ///
  /// Throws `dataCorrupted` if it is not from `least` to 10¹².
  func decodeCount(forKey key: Key, from least: Int = 0) throws -> Int {
    let most = 1_000_000_000_000
    let count = try decode(Int.self, forKey: key)
    guard (least...most).contains(count) else {
      throw DecodingError.dataCorruptedError(
        forKey: key, in: self,
        debugDescription: "'\(key.stringValue)' must be from \(least) to \(most), not \(count)")
    }
    return count
  }

  /// Reads a number of things; nil if the key is missing.
  func decodeCountIfPresent(forKey key: Key, from least: Int = 0) throws -> Int? {
    try contains(key) ? decodeCount(forKey: key, from: least) : nil
  }
}
