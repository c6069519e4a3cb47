import TandemInference

/// A checksum at the end of a saved state: llama.cpp checks sizes and types in it, and nothing else.
///
/// It finds damage, not malice: anyone can compute it for a state with nonsense positions.
enum StateSeal {
  private static let size = 8

  static func seal(_ bytes: [UInt8], tokens: [Token]) -> [UInt8] {
    var sealed = bytes
    sealed.reserveCapacity(bytes.count + size)
    withUnsafeBytes(of: checksum(bytes[...], tokens).littleEndian) { sealed += $0 }
    return sealed
  }

  /// What was sealed; nil if anything has changed since.
  static func open(_ sealed: [UInt8], tokens: [Token]) -> [UInt8]? {
    guard sealed.count > size else { return nil }
    let bytes = sealed.dropLast(size)
    let sum = withUnsafeBytes(of: checksum(bytes, tokens).littleEndian) { Array($0) }
    return sealed.suffix(size).elementsEqual(sum) ? Array(bytes) : nil
  }

  /// Over words instead of bytes: a state has 20 KB a token.
  private static func checksum(_ bytes: ArraySlice<UInt8>, _ tokens: [Token]) -> UInt64 {
    var fingerprint = Fingerprint()
    bytes.withUnsafeBytes { buffer in
      let whole = buffer.count & ~7
      for start in stride(from: 0, to: whole, by: 8) {
        fingerprint.fold(word: buffer.loadUnaligned(fromByteOffset: start, as: UInt64.self))
      }
      for byte in buffer[whole...] { fingerprint.fold(word: UInt64(byte)) }
    }
    fingerprint.fold(word: UInt64(bytes.count))
    for token in tokens { fingerprint.fold(word: UInt64(UInt32(bitPattern: token.rawValue))) }
    return fingerprint.value
  }
}
