import Foundation
import TandemSupport

extension ModelContents.Tensor {
  /// The types whose numbers can be read, by their number in a file.
  private enum Stored: UInt32 {
    case float32 = 0
    case float16 = 1
    /// Blocks of 32 numbers: a scale in 16 bits, then a byte each.
    case q8_0 = 8
    case bfloat16 = 30
  }

  /// Whether `numbers` can read it.
  var isReadable: Bool { Stored(rawValue: type) != nil }

  /// All its numbers, row after row. Throws `ModelError.unreadable`.
  func numbers() throws(ModelError) -> [Float] {
    let count = shape.reduce(1, *)
    guard let stored = Stored(rawValue: type), let size = TensorType.known(type)?.size(of: UInt64(count)) else {
      throw .unreadable(path: url.path, reason: "the numbers of \(name) are neither F32, F16, BF16 nor Q8_0")
    }
    let data: Data
    do {
      let file = try FileHandle(forReadingFrom: url)
      defer { try? file.close() }
      try file.seek(toOffset: offset)
      data = try file.read(upToCount: Int(size)) ?? Data()
    } catch { throw .unreadable(path: url.path, reason: error.systemReason) }
    guard data.count == size else { throw .unreadable(path: url.path, reason: "it ends within \(name)") }
    return data.withUnsafeBytes { bytes in
      func bits<Value: FixedWidthInteger>(_ offset: Int, _: Value.Type = Value.self) -> Value {
        Value(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Value.self))
      }
      return (0..<count).map { index in
        switch stored {
        case .float32: Float(bitPattern: bits(index * 4))
        case .float16: Float(Float16(bitPattern: bits(index * 2)))
        case .bfloat16: Float(bitPattern: UInt32(bits(index * 2, UInt16.self)) << 16)
        case .q8_0:
          Float(Float16(bitPattern: bits(index / 32 * 34))) * Float(bits(index / 32 * 34 + 2 + index % 32, Int8.self))
        }
      }
    }
  }
}
