import Foundation
import TandemSupport

/// Tensors in the format of `safetensors`: the length of a header in eight bytes, the header as JSON, and the numbers of
/// one tensor after the other.
struct Safetensors {
  /// How numbers are written.
  enum Number: String, Sendable, CaseIterable, Encodable {
    case f32 = "F32"
    case f16 = "F16"

    var byteCount: Int { self == .f32 ? 4 : 2 }
  }

  /// A tensor whose numbers are made when it is written, so that no model is in memory as a whole.
  struct Tensor {
    let name: String
    /// The outer dimension first.
    let shape: [Int]
    let numbers: () throws -> [Float]
  }

  private struct Entry: Encodable {
    let dtype: Number
    let shape: [Int]
    let offsets: [Int]

    enum CodingKeys: String, CodingKey {
      case dtype, shape
      case offsets = "data_offsets"
    }
  }

  private enum Header: Encodable {
    case metadata([String: String])
    case tensor(Entry)

    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      switch self {
      case .metadata(let values): try container.encode(values)
      case .tensor(let entry): try container.encode(entry)
      }
    }
  }

  /// Writes a file and waits until it is on the disk. Throws `FileFault`, and what making the numbers throws.
  static func write(_ tensors: [Tensor], as number: Number, to path: String) throws {
    var (header, end) = (["__metadata__": Header.metadata(["format": "pt"])], 0)
    for tensor in tensors {
      let size = tensor.shape.reduce(number.byteCount, *)
      header[tensor.name] = .tensor(Entry(dtype: number, shape: tensor.shape, offsets: [end, end + size]))
      end += size
    }
    var json = Data(try header.json().utf8)
    // The numbers begin at a multiple of eight.
    json += Data(repeating: UInt8(ascii: " "), count: (8 - json.count % 8) % 8)
    let file = try OpenFile(path, O_WRONLY | O_CREAT | O_EXCL)
    try file.append(withUnsafeBytes(of: UInt64(json.count).littleEndian) { Data($0) } + json)
    for tensor in tensors { try file.append(data(try tensor.numbers(), number)) }
    try file.synchronise()
  }

  private static func data(_ numbers: [Float], _ number: Number) -> Data {
    switch number {
    case .f32: numbers.map(\.bitPattern.littleEndian).withUnsafeBytes { Data($0) }
    case .f16: numbers.map { Float16($0).bitPattern.littleEndian }.withUnsafeBytes { Data($0) }
    }
  }
}
