/// FNV-1a: fingerprints of vocabularies, files and settings. Not cryptographic; it finds differences, not malice.
package struct Fingerprint {
  package private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

  package init() {}

  package mutating func combine(_ byte: UInt8) { combine(word: UInt64(byte)) }

  package mutating func combine(_ bytes: some Sequence<UInt8>) {
    // Bytes in a row are walked here, and not through the witnesses of a type that only the caller's module has.
    if bytes.withContiguousStorageIfAvailable({ add($0) }) == nil {
      for byte in bytes { combine(byte) }
    }
    combine(0xff)  // never part of UTF-8: keeps ["ab", "c"] apart from ["a", "bc"]
  }

  private mutating func add(_ bytes: UnsafeBufferPointer<UInt8>) {
    for byte in bytes { combine(byte) }
  }

  /// Takes in a whole word at once.
  package mutating func combine(word: UInt64) { value = (value ^ word) &* 0x100_0000_01b3 }

  /// Takes in a whole word, and folds: products carry upwards only, so the high bits are brought back down.
  package mutating func fold(word: UInt64) {
    combine(word: word)
    value ^= value >> 32
  }
}
