import Foundation
import TandemSupport

/// Writes a model's file again with other numbers: the metadata byte for byte, matrices in F16 and vectors in F32.
struct GGUFWriter {
  private let contents: ModelContents
  /// Tensors begin at multiples of it.
  private let alignment: Int

  /// - Parameter contents: Of a model in one file.
  init(_ contents: ModelContents) {
    self.contents = contents
    alignment = contents.integer("general.alignment") ?? 32
  }

  /// - Parameters:
  ///   - path: Of a file that exists and is empty.
  ///   - numbers: The numbers of the tensor in this place.
  /// - Throws: `ModelError`, `FileFault`, and what making the numbers throws.
  func write(to path: String, _ numbers: (Int, ModelContents.Tensor) throws -> [Float]) throws {
    let file = try OpenFile(path, O_WRONLY)
    var header = try metadata()
    var offset = 0
    for tensor in contents.tensors {
      header += UInt64(tensor.name.utf8.count).bytes + Data(tensor.name.utf8) + UInt32(tensor.shape.count).bytes
      // The inner dimension first.
      for size in tensor.shape.reversed() { header += UInt64(size).bytes }
      header += UInt32(tensor.isMatrix ? 1 : 0).bytes + UInt64(offset).bytes
      offset += padded(tensor.byteCount)
    }
    try file.append(header + padding(header.count))
    for (place, tensor) in contents.tensors.enumerated() {
      let values = try numbers(place, tensor)
      let data =
        tensor.isMatrix
        ? values.map { Float16($0).bitPattern.littleEndian }.withUnsafeBytes { Data($0) }
        : values.map(\.bitPattern.littleEndian).withUnsafeBytes { Data($0) }
      try file.append(data + padding(data.count))
    }
    try file.synchronise()
  }

  /// The beginning of the file with all its metadata, the format of its numbers changed.
  private func metadata() throws -> Data {
    guard let url = contents.tensors.first?.url else { return Data() }
    let data: Data
    do {
      let file = try FileHandle(forReadingFrom: url)
      defer { try? file.close() }
      data = try file.read(upToCount: Int(contents.places.end)) ?? Data()
    } catch { throw ModelError.unreadable(path: url.path, reason: error.localizedDescription) }
    guard data.count == Int(contents.places.end) else {
      throw ModelError.unreadable(path: url.path, reason: "it ends within its metadata")
    }
    var header = data
    // 1 is "mostly F16".
    if let place = contents.places.fileType.map(Int.init) {
      header.replaceSubrange(place..<place + 4, with: UInt32(1).bytes)
    }
    return header
  }

  private func padded(_ count: Int) -> Int { (count + alignment - 1) / alignment * alignment }
  private func padding(_ count: Int) -> Data { Data(count: padded(count) - count) }
}

extension ModelContents.Tensor {
  fileprivate var isMatrix: Bool { shape.count > 1 }
  fileprivate var byteCount: Int { shape.reduce(isMatrix ? 2 : 4, *) }
}

extension FixedWidthInteger {
  fileprivate var bytes: Data { withUnsafeBytes(of: littleEndian) { Data($0) } }
}
