/// How the key-value caches of an engine's sessions lie in memory.
public enum CacheLayout: String, Sendable, Codable, CaseIterable {
  /// All in one: forks cost nothing and share their prefix. Each token's attention passes over everybody's cells.
  case shared
  /// Side by side: many unrelated sessions are much faster. A fork copies a whole cache.
  case separate
}

/// The numbers in a key-value cache, under llama.cpp's names.
public enum CacheType: String, Sendable, Codable, CaseIterable {
  /// Logits then agree with other programs to their last digits.
  case f32
  case f16
  /// Blocks of 32 numbers of 8 bits, with a scale.
  case q8_0
  /// The same with 4 bits.
  case q4_0

  /// Whether its numbers are in blocks with a scale.
  public var isQuantized: Bool { self == .q8_0 || self == .q4_0 }

  /// Bytes of 32 numbers, which are one block if it has blocks.
  public var blockBytes: Int {
    switch self {
    case .f32: 128
    case .f16: 64
    case .q8_0: 34
    case .q4_0: 18
    }
  }
}
